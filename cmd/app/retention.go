package app

import (
	"context"

	"quittance/plans/civil"
	"quittance/portal/pack"
	"quittance/portal/retention"
)

func (p *Portal) Retention() *retention.Job {
	return &retention.Job{Store: p.Store, Audit: p.Audit, Now: p.in.Now, Years: p.keptYears}
}

// keptYears is how long the law of a state wants records kept; of no known state
// the longest of all (GEN-03).
func (p *Portal) keptYears(state string) int {
	return pack.Resolve(p.places.Book, pack.Facts{State: state, Day: civil.Of(p.in.Now())}).RetentionYears
}

func (p *Portal) LegalHolds() *retention.Holds {
	return &retention.Holds{Store: p.Store, Audit: p.Audit, Now: p.in.Now}
}

// forget is a job: once a day it erases what is past.
func (p *Portal) forget(ctx context.Context) (int, error) {
	report, err := p.Retention().Run(ctx, false)
	if len(report.Accounts) > 0 {
		p.in.Log.InfoContext(ctx, "erased what is past", "accounts", len(report.Accounts), "held", len(report.Held))
	}
	return 0, err
}
