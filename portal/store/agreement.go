package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

const agreementColumns = `a.plan_id, a.version, a.why, a.lines, a.name, a.consent_hash, a.consent_text, a.consent_session,
	a.consent_ip, a.consent_user_agent, a.consent_language, a.consent_at, a.agreed_at`

// Agreements implements plans.Papers.
func (s *Store) Agreements(ctx context.Context, id plans.ID) ([]plans.Agreement, error) {
	var all []plans.Agreement
	var account string
	var wrapped []byte
	err := s.query(ctx, func(r row) error {
		a, err := scanAgreement(after{r, []any{&account, &wrapped}})
		all = append(all, a)
		return err
	}, `SELECT c.id, c.vault, `+agreementColumns+` FROM plan_agreements a JOIN plans p ON p.id = a.plan_id
		JOIN accounts c ON c.id = p.account_id WHERE a.plan_id = ? ORDER BY a.version`, string(id))
	if err == nil {
		err = s.openAgreements(account, wrapped, all)
	}
	if err != nil {
		return nil, fmt.Errorf("load agreements: %w", err)
	}
	return all, nil
}

// openAgreements opens the names and texts that were signed.
func (s *Store) openAgreements(account string, wrapped []byte, all []plans.Agreement) error {
	if len(all) == 0 || len(wrapped) == 0 {
		return nil
	}
	v, err := s.openVault(account, wrapped)
	for i := range all {
		for column, text := range signed(&all[i]) {
			if err == nil {
				*text, err = v.plain(*text, signedAt(all[i], column))
			}
		}
	}
	return err
}

// signed are the columns of an agreement that are sealed.
func signed(a *plans.Agreement) map[string]*string {
	return map[string]*string{"name": &a.Name, "consent_text": &a.Consent.Text, "consent_ip": &a.Consent.IP, "consent_user_agent": &a.Consent.UserAgent}
}

func signedAt(a plans.Agreement, column string) string {
	return fmt.Sprintf("plan_agreements.%s:%s/%d", column, a.PlanID, a.Version)
}

func (s *Store) insertAgreement(ctx context.Context, account string, a plans.Agreement) (step, error) {
	lines, err := writeLines(a.Lines)
	if err != nil {
		return step{}, err
	}
	v, err := s.vaultOf(ctx, account)
	for column, text := range signed(&a) {
		if err == nil {
			*text, err = v.text(*text, signedAt(a, column))
		}
	}
	if err != nil {
		return step{}, err
	}
	c := a.Consent
	return step{
		query: `INSERT INTO plan_agreements (` + strings.ReplaceAll(agreementColumns, "a.", "") + `) VALUES (` + marks(13) + `)`, touches: 1,
		args: []any{string(a.PlanID), a.Version, string(a.Why), lines, a.Name, c.TextHash, c.Text, c.SessionID, c.IP,
			c.UserAgent, c.Language, at(c.At), at(a.AgreedAt)},
	}, nil
}

func scanAgreement(r row) (plans.Agreement, error) {
	var a plans.Agreement
	var lines string
	var consent, agreed stamp
	c := &a.Consent
	err := r.Scan(&a.PlanID, &a.Version, &a.Why, &lines, &a.Name, &c.TextHash, &c.Text, &c.SessionID, &c.IP,
		&c.UserAgent, &c.Language, &consent, &agreed)
	if err != nil {
		return a, err
	}
	c.At, a.AgreedAt = consent.Time, agreed.Time
	a.Lines, err = readLines(lines)
	return a, err
}

// lineRow is one day and amount of a signed schedule as it is stored.
type lineRow struct {
	Due   string      `json:"due"`
	Cents money.Cents `json:"cents"`
}

func writeLines(list []schedule.Line) (string, error) {
	rows := make([]lineRow, 0, len(list))
	for _, l := range list {
		rows = append(rows, lineRow{Due: l.Due.String(), Cents: l.Amount})
	}
	text, err := json.Marshal(rows)
	return string(text), err
}

func readLines(text string) ([]schedule.Line, error) {
	var rows []lineRow
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		return nil, fmt.Errorf("read a signed schedule: %w", err)
	}
	var list []schedule.Line
	for _, r := range rows {
		due, err := civil.Parse(r.Due)
		if err != nil {
			return nil, fmt.Errorf("read a signed schedule: %w", err)
		}
		list = append(list, schedule.Line{Due: due, Amount: r.Cents})
	}
	return list, nil
}
