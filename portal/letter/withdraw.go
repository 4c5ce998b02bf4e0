package letter

import (
	"context"
	"fmt"
	"slices"

	"quittance/plans"
	"quittance/portal/debt"
)

// withdrawn begins the occasion of a letter that withdraws the one it ends with.
const withdrawn = "withdrawn/"

// withdraw writes, of each of the debts on which something is owed again, that the
// letter does not hold any more which said that nothing was. It goes out as that
// one did.
func (s *Service) withdraw(ctx context.Context, id debt.AccountID, ids []debt.ID) error {
	given, err := s.Store.Letters(ctx, Query{Account: id, Most: mostListed})
	if err != nil {
		return err
	}
	for _, was := range given {
		if was.Kind != Satisfaction || !slices.Contains(ids, was.DebtID) {
			continue
		}
		account, st, err := s.find(ctx, id, was.DebtID)
		if err != nil {
			return err
		}
		told, err := s.mayTell(ctx, was)
		if err != nil {
			return err
		}
		if st.Owed <= 0 || !told {
			continue
		}
		today := s.today(account)
		l := s.letter(st, Withdrawal, withdrawn+was.ID, today)
		l.Required, l.Due = was.Required, today.AddDays(usual[Withdrawal])
		if err := s.begin(ctx, account, st, plans.Plan{}, l); err != nil {
			return fmt.Errorf("withdraw letter %s: %w", was.ID, err)
		}
	}
	return nil
}

// Holds reports whether a letter of an account still holds: a satisfaction letter
// does until it is withdrawn.
func (s *Service) Holds(ctx context.Context, l Letter) (by Letter, holds bool, err error) {
	if l.Kind != Satisfaction {
		return Letter{}, true, nil
	}
	all, err := s.Of(ctx, l.AccountID)
	i := slices.IndexFunc(all, func(other Letter) bool { return other.Occasion == withdrawn+l.ID })
	if err != nil || i < 0 {
		return Letter{}, true, err
	}
	return all[i], false, nil
}
