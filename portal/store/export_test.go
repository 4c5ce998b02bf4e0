package store

import "quittance/portal/debt"

// CountBy changes what the store was opened with, as a start with other settings
// would.
func (s *Store) CountBy(count func(debt.Address, debt.Statement) debt.Statement) {
	s.opts.Count = count
}
