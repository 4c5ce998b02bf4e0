package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Row is one row of a table: its columns by name. Times are UTC, bytes are in
// hexadecimal.
type Row map[string]any

// exported are the tables of which each row of an account is told as it stands,
// without what opens a door: tokens, and hashes of tokens, digits and addresses.
// What is sealed is read by those who know what it says.
var exported = []struct{ name, columns, where string }{
	{"consents", "id, channel, basis, at, recorded_by, call_id, text_version", "account_id = ? ORDER BY at, id"},
	{"opt_outs", "channel, reason, at", "account_id = ? ORDER BY at, channel, reason"},
	{"decisions", "id, at, debt_id, payment_id, action, channel, status, allowed, reason, rules, packs", "account_id = ? ORDER BY id"},
	{"refusals", "id, channel, kind, reason, rule, asked_by, at", "account_id = ? ORDER BY at, id"},
	{"links", "id, reference, channel, sent_by, call_id, created_at, expires_at, opened_at, verified_at, ended_at, ended_why, asked_at", "account_id = ? ORDER BY created_at, id"},
	{"visits", "path, stepped_up, created_at, seen_at, ended_at, ended_why, device", "subject = ? ORDER BY created_at, id"},
	{"holds", "id, debt_id, status, amount_cents, source, opened_at, closed_at", "account_id = ? ORDER BY opened_at, id"},
	{"asked_payments", "payment_id, debt_id, dispute_id, reference, amount_cents, at, choice, chosen_at", "account_id = ? ORDER BY at, payment_id"},
	{"held_payments", "payment_id, debt_id, amount_cents, held, sent_back_at, refund_asked_at", "held <> '' AND payment_id IN (SELECT id FROM payments WHERE account_id = ?) ORDER BY payment_id, position"},
	{"refund_orders", "payment_id, debt_id, amount_cents, ordered_at, state, closed_at", "payment_id IN (SELECT id FROM payments WHERE account_id = ?) ORDER BY ordered_at, key"},
	{"contact_changes", "id, what, via, told, created_at, done_at", "account_id = ? ORDER BY created_at, id"},
	{"notice_requests", "id, notice_id, language, at", "notice_id IN (SELECT id FROM validation_notices WHERE account_id = ?) ORDER BY at, id"},
	{"notice_duties", "debt_id, began_at, due_on, alert_at, alerted_at, ended_at, ended_by", "account_id = ? ORDER BY debt_id"},
	{"letters", "id, debt_id, kind, occasion, amount_cents, required, state, way, owed_at, make_on, due_on, made_at, given_at", "account_id = ? ORDER BY owed_at, id"},
	{"representatives", "id, role, document_id, from_day, until_day, created_at, revoked_at", "account_id = ? ORDER BY created_at, id"},
	{"events", "id, type, payment_id, occurred_at", "account_id = ? ORDER BY row_number"},
}

// tables are those whose rows are told by another name.
var tables = map[string]string{
	"opt_outs": "suppressions", "refusals": "message_refusals", "visits": "sessions", "asked_payments": "parked_payments", "held_payments": "payment_allocations",
	"notice_requests": "validation_requests", "notice_duties": "validation_duties",
}

// RowsOf lists what is held of an account by ids and codes, by the name of what
// it is.
func (s *Store) RowsOf(ctx context.Context, account string) (map[string][]Row, error) {
	all := map[string][]Row{}
	for _, e := range exported {
		table := e.name
		if other, ok := tables[table]; ok {
			table = other
		}
		names := strings.Split(e.columns, ", ")
		all[e.name] = []Row{}
		err := s.query(ctx, func(r row) error {
			values, dest := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				dest[i] = &values[i]
			}
			err := r.Scan(dest...)
			told := Row{}
			for i, name := range names {
				told[name] = readableValue(name, values[i])
			}
			all[e.name] = append(all[e.name], told)
			return err
		}, `SELECT `+e.columns+` FROM `+table+` WHERE `+e.where, account)
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", e.name, err)
		}
	}
	return all, nil
}

func readableValue(column string, value any) any {
	switch v := value.(type) {
	case int64:
		if column == "at" || strings.HasSuffix(column, "_at") {
			return time.UnixMicro(v).UTC()
		}
	case []byte:
		return hex.EncodeToString(v)
	}
	return value
}
