package store_test

import (
	"testing"

	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestANewDatabaseIsMigratedAndItsGuardsStand(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.CheckSchema(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.CheckGuards(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
