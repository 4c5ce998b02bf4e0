package app

import (
	"fmt"
	"time"

	"quittance/plans"
	"quittance/portal/record"
)

// record makes each charge of a plan ask the system of record first, where one
// is configured (WHK-05), and says how old its word may be then.
func (p *Portal) record() (plans.Record, time.Duration, error) {
	if p.Config.RecordURL == "" {
		return nil, 0, nil
	}
	if err := p.client.Check(p.Config.RecordURL); err != nil {
		return nil, 0, fmt.Errorf("PORTAL_RECORD_STATUS_URL must be https and on the public internet: %w", err)
	}
	return &record.Asker{
		URL: p.Config.RecordURL, Token: string(p.Config.RecordToken), Fetcher: p.client, Accounts: p.Store, Taker: p.Importer, Now: p.in.Now,
	}, record.Fresh, nil
}
