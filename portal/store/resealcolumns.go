package store

import (
	"context"
	"slices"
	"strings"
)

// column is one that is sealed since a later release than it was made in: older
// rows stand plain, or sealed by a key of no single account, until `portal
// reseal`.
type column struct {
	table, name string
	keys        []string // what tells the row, as it stands in its seal
	from        string   // the table as t, and o where the account stands in another
	account     string
	bytes       bool // and not text
	lasting     bool // sealed by the key of no single account
}

// lateColumns are all of them.
var lateColumns = []column{
	{table: "validation_notices", name: "sealed", keys: []string{"id"}, account: "t.account_id", bytes: true},
	{table: "contact_wishes", name: "own_words", keys: []string{"id"}, account: "t.account_id", bytes: true},
	{table: "claim_reports", name: "sealed", keys: []string{"id"}, from: " JOIN claims o ON o.id = t.claim_id", account: "o.account_id", bytes: true},
	agreementColumn("name"), agreementColumn("consent_text"), agreementColumn("consent_ip"), agreementColumn("consent_user_agent"),
	{table: "legal_holds", name: "reason", keys: []string{"account_id"}, account: "t.account_id"},
	{table: "payments", name: "consent_text", keys: []string{"id"}, account: "t.account_id", lasting: true},
	{table: "payments", name: "consent_ip", keys: []string{"id"}, account: "t.account_id", lasting: true},
	{table: "payments", name: "consent_user_agent", keys: []string{"id"}, account: "t.account_id", lasting: true},
	{table: "debts", name: "description", keys: []string{"id"}, account: "t.account_id", lasting: true},
	{table: "debts", name: "account_number_last4", keys: []string{"id"}, account: "t.account_id", lasting: true},
}

func agreementColumn(name string) column {
	return column{table: "plan_agreements", name: name, keys: []string{"plan_id", "version"}, from: " JOIN plans o ON o.id = t.plan_id", account: "o.account_id"}
}

// sealColumns seals what still waits, of accounts whose ids are as said. An
// account without a key was erased, or is about to be: its values are sealed by
// one that is thrown away.
func (s *Store) sealColumns(ctx context.Context, which string, ids ...any) error {
	vaults := map[string]vault{}
	for _, c := range lateColumns {
		rows, err := s.unsealed(ctx, c, which, ids)
		if err != nil {
			return err
		}
		var steps []step
		for _, r := range rows {
			v, known := vaults[r.account]
			if !known {
				if v, err = s.vaultOf(ctx, r.account); err == nil && v.box == nil {
					v, err = s.newVault(r.account)
				}
				if err != nil {
					return err
				}
				vaults[r.account] = v
			}
			if c.lasting {
				v = s.lasting
			}
			next, err := c.seal(v, r)
			if err != nil {
				return err
			}
			steps = append(steps, next)
		}
		if err := s.batch(ctx, steps...); err != nil {
			return err
		}
	}
	return nil
}

// waiting is one row of a column that waits to be sealed.
type waiting struct {
	keys    []string
	account string
	value   []byte
}

func (s *Store) unsealed(ctx context.Context, c column, which string, ids []any) ([]waiting, error) {
	value, mark := "t."+c.name, any(sealedMark)
	if c.bytes {
		mark = []byte(sealedMark)
	}
	keys := make([]string, len(c.keys))
	for i, k := range c.keys {
		keys[i] = "CAST(t." + k + " AS TEXT)"
	}
	var all []waiting
	err := s.query(ctx, func(r row) error {
		w := waiting{keys: make([]string, len(c.keys))}
		var text string
		dest := []any{&w.account, &text}
		if c.bytes {
			dest[1] = &w.value
		}
		for i := range w.keys {
			dest = append(dest, &w.keys[i])
		}
		err := r.Scan(dest...)
		if !c.bytes {
			w.value = []byte(text)
		}
		all = append(all, w)
		return err
	}, `SELECT `+c.account+`, `+value+`, `+strings.Join(keys, ", ")+` FROM `+c.table+` t`+c.from+`
		WHERE `+c.account+which+` AND length(`+value+`) > 0 AND substr(`+value+`, 1, 1) <> ?`, append(slices.Clone(ids), mark)...)
	return all, err
}

// seal is the statement that seals one row.
func (c column) seal(v vault, w waiting) (step, error) {
	where := c.table + "." + c.name + ":" + strings.Join(w.keys, "/")
	var args []any
	var err error
	if c.bytes {
		var sealed []byte
		sealed, err = v.bytes(w.value, where)
		args = []any{sealed, w.value}
	} else {
		var sealed string
		sealed, err = v.text(string(w.value), where)
		args = []any{sealed, string(w.value)}
	}
	match := ""
	for i, k := range c.keys {
		match += " AND " + k + " = ?"
		args = append(args, w.keys[i])
	}
	return step{query: `UPDATE ` + c.table + ` SET ` + c.name + ` = ? WHERE ` + c.name + ` = ?` + match, args: args, touches: anyRows}, err
}
