package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"quittance/portal/chain"
)

var _ chain.Store = (*Store)(nil)

// LockChain implements chain.Store: the row of the head is locked.
func (s *Store) LockChain(ctx context.Context, name chain.Name) (chain.Head, error) {
	return s.chainHead(ctx, name, s.skipLocked())
}

func (s *Store) chainHead(ctx context.Context, name chain.Name, lock string) (chain.Head, error) {
	var head chain.Head
	err := s.queryRow(ctx, []any{&head.Position, &head.Link}, `SELECT position, link FROM chain_heads WHERE name = ?`+lock, string(name))
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
