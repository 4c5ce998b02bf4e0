package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/plans/civil"
	"quittance/portal/chain"
)

var _ chain.Store = (*Store)(nil)

// LockChain implements chain.Store: the row of the head is locked.
func (s *Store) LockChain(ctx context.Context, name chain.Name) (chain.Head, error) {
	return s.chainHead(ctx, name, s.skipLocked())
}

func (s *Store) chainHead(ctx context.Context, name chain.Name, lock string) (chain.Head, error) {
	var head chain.Head
	err := s.queryRow(ctx, []any{&head.Position, &head.Link, &head.Keyed}, `SELECT position, link, keyed_from FROM chain_heads WHERE name = ?`+lock, string(name))
	if errors.Is(err, sql.ErrNoRows) {
		err = chain.ErrBusy
	}
	return head, err
}

// LooseRows implements chain.Store. A chain's table has its name.
func (s *Store) LooseRows(ctx context.Context, name chain.Name, limit int) ([]chain.Loose, error) {
	var rows []chain.Loose
	err := s.query(ctx, func(r row) error {
		var l chain.Loose
		err := r.Scan(&l.Number, &l.Own)
		rows = append(rows, l)
		return err
	}, `SELECT row_number, own FROM `+string(name)+` WHERE position IS NULL ORDER BY row_number LIMIT ?`, limit)
	return rows, err
}

// KeyChain implements chain.Store.
func (s *Store) KeyChain(ctx context.Context, name chain.Name, from int64) error {
	_, err := s.exec(ctx, `UPDATE chain_heads SET keyed_from = ? WHERE name = ? AND keyed_from = 0`, from, string(name))
	return err
}

// ChainHead is the end of a chain.
func (s *Store) ChainHead(ctx context.Context, name chain.Name) (chain.Head, error) {
	return s.chainHead(ctx, name, "")
}

// AddSeal keeps the head that a chain had on a day, once: false where one is
// kept of that day.
func (s *Store) AddSeal(ctx context.Context, day civil.Date, name chain.Name, head chain.Head, when time.Time) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO chain_seals (day, name, position, link, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, name) DO NOTHING`,
		day.String(), string(name), head.Position, head.Link, at(when))
	return n == 1, err
}

// Seals lists the heads that were kept of a chain, the oldest first.
func (s *Store) Seals(ctx context.Context, name chain.Name) ([]chain.Head, error) {
	var kept []chain.Head
	err := s.query(ctx, func(r row) error {
		var head chain.Head
		err := r.Scan(&head.Position, &head.Link)
		kept = append(kept, head)
		return err
	}, `SELECT position, link FROM chain_seals WHERE name = ? ORDER BY day`, string(name))
	return kept, err
}

// SaveLinks implements chain.Store.
func (s *Store) SaveLinks(ctx context.Context, name chain.Name, rows []chain.Linked) error {
	if len(rows) == 0 {
		return nil
	}
	steps := make([]step, 0, len(rows)+1)
	for _, r := range rows {
		steps = append(steps, step{
			query: `UPDATE ` + string(name) + ` SET position = ?, link = ? WHERE row_number = ? AND position IS NULL`,
			args:  []any{r.Position, r.Link, r.Number}, touches: 1,
		})
	}
	last := rows[len(rows)-1]
	steps = append(steps, step{
		query: `UPDATE chain_heads SET position = ?, link = ? WHERE name = ?`, args: []any{last.Position, last.Link, string(name)}, touches: 1,
	})
	if err := s.batch(ctx, steps...); err != nil {
		return fmt.Errorf("save links: %w", err)
	}
	return nil
}
