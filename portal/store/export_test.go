package store

import (
	"context"

	"quittance/portal/debt"
)

// CountBy changes what the store was opened with, as a start with other settings
// would.
func (s *Store) CountBy(count func(debt.Address, debt.Statement) debt.Statement) {
	s.opts.Count = count
}

// MigrateTo takes a database to a version, as a program of that time left it.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}

// Run runs one statement as it is.
func (s *Store) Run(ctx context.Context, query string, args ...any) error {
	_, err := s.exec(ctx, query, args...)
	return err
}
