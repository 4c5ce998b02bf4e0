package plans

import (
	"context"
	"errors"

	"quittance/payments"
	"quittance/plans/civil"
)

// CardEnds is the last day on which the card of a plan may be charged, where
// something is to be charged after it; zero where the card lasts until the last
// day that is charged, or it is not known when it ends.
func CardEnds(d payments.Details, last civil.Date) civil.Date {
	month, err := civil.Parse(d.Expires + "-01")
	if err != nil || last.IsZero() {
		return civil.Date{}
	}
	if ends := month.AddMonths(0, 31); ends.Before(last) {
		return ends
	}
	return civil.Date{}
}

// warnDays is how many days before the last day of its card the consumer of a
// plan is told.
const warnDays = 31

// CardLastDay is the last day of the plan's card, where something is still to be
// charged after it; zero otherwise. A card that is about to take its place is what
// counts then.
func (p Plan) CardLastDay() civil.Date {
	if p.Charging != Automatic || !p.Status.Running() || p.Incoming.Pending() {
		return civil.Date{}
	}
	var last civil.Date
	for _, i := range p.Installments {
		if i.Open() && i.Due.After(last) {
			last = i.Due
		}
	}
	return CardEnds(p.Details, last)
}

// CardEnding is CardLastDay from a month before it on; zero before.
func (p Plan) CardEnding(today civil.Date) civil.Date {
	if ends := p.CardLastDay(); !ends.IsZero() && !today.Before(ends.AddDays(-warnDays)) {
		return ends
	}
	return civil.Date{}
}

// warn tells once of each card that ends soon: before its last day, so that there
// is time to give another.
func (s *Service) warn(ctx context.Context, today civil.Date, limit int) (int, error) {
	ids, err := s.Agenda.CardsEnding(ctx, today, today.AddDays(warnDays), limit)
	for _, id := range ids {
		_, problem := s.change(ctx, id, func(ctx context.Context, p Plan) (Change, error) {
			here, _, err := s.Debts.Calendar(ctx, p.AccountID)
			if err != nil || p.CardEnding(here).IsZero() || p.CardTold == p.Details.Expires {
				return unmoved(p), err
			}
			next := p.clone()
			next.CardTold = p.Details.Expires
			return moved(p, next, CardRunsOut, s.now()), nil
		})
		err = errors.Join(err, problem)
	}
	return len(ids), err
}
