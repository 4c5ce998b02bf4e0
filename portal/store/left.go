package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

// leave keeps what a person changed of how they are reached, as it was.
func (s *Store) leave(ctx context.Context, id debt.AccountID, was, is debt.Consumer, now time.Time) error {
	v, err := s.vaultOf(ctx, string(id))
	if err != nil {
		return err
	}
	for _, l := range intake.Leaves(was, is) {
		plain, err := json.Marshal(l)
		if err != nil {
			return err
		}
		sealed, err := v.text(string(plain), leftRow(id))
		if err != nil {
			return err
		}
		if _, err := s.exec(ctx, `INSERT INTO contacts_left (account_id, what, sealed, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (account_id, what, at) DO NOTHING`, string(id), string(l.What), sealed, micros(now)); err != nil {
			return err
		}
	}
	return nil
}

func leftRow(id debt.AccountID) string { return "contacts_left.sealed:" + string(id) }

// heldLeft adds to accounts what their persons left behind.
func (s *Store) heldLeft(ctx context.Context, refs []string, held map[string]intake.HeldAccount) error {
	match, list := s.oneOf("c.ref", refs)
	return s.query(ctx, func(r row) error {
		var ref, sealed string
		var id debt.AccountID
		var wrapped []byte
		if err := r.Scan(&ref, &id, &wrapped, &sealed); err != nil || len(wrapped) == 0 {
			return err // an erased person left nothing
		}
		v, err := s.openVault(string(id), wrapped)
		if err != nil {
			return err
		}
		plain, err := v.plain(sealed, leftRow(id))
		if err != nil {
			return err
		}
		var l intake.Left
		if err := json.Unmarshal([]byte(plain), &l); err != nil {
			return fmt.Errorf("what account %s left: %w", id, err)
		}
		h := held[ref]
		h.Left = append(h.Left, l)
		held[ref] = h
		return nil
	}, `SELECT c.ref, c.id, c.vault, l.sealed FROM contacts_left l JOIN accounts c ON c.id = l.account_id
		WHERE `+match+` ORDER BY l.at`, list)
}
