package store

import (
	"context"
	"encoding/json"
	"fmt"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

const agreementColumns = `plan_id, version, why, lines, name, consent_hash, consent_text, consent_session, consent_ip,
	consent_user_agent, consent_language, consent_at, agreed_at`

// Agreements implements plans.Papers.
func (s *Store) Agreements(ctx context.Context, id plans.ID) ([]plans.Agreement, error) {
	var all []plans.Agreement
	err := s.query(ctx, func(r row) error {
		a, err := scanAgreement(r)
		all = append(all, a)
		return err
	}, `SELECT `+agreementColumns+` FROM plan_agreements WHERE plan_id = ? ORDER BY version`, string(id))
	if err != nil {
		return nil, fmt.Errorf("load agreements: %w", err)
	}
	return all, nil
}

func insertAgreement(a plans.Agreement) (step, error) {
	lines, err := writeLines(a.Lines)
	c := a.Consent
	return step{
		query: `INSERT INTO plan_agreements (` + agreementColumns + `) VALUES (` + marks(13) + `)`, touches: 1,
		args: []any{string(a.PlanID), a.Version, string(a.Why), lines, a.Name, c.TextHash, c.Text, c.SessionID, c.IP,
			c.UserAgent, c.Language, at(c.At), at(a.AgreedAt)},
	}, err
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
