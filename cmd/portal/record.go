package main

import (
	"fmt"

	"quittance/portal/gate"
	"quittance/portal/record"
)

// wireRecord makes each charge of a plan ask the system of record first, where
// one is configured (WHK-05).
func (p *portal) wireRecord() error {
	if p.cfg.RecordURL == "" {
		return nil
	}
	if err := p.client.Check(p.cfg.RecordURL); err != nil {
		return fmt.Errorf("PORTAL_RECORD_STATUS_URL must be https and on the public internet: %w", err)
	}
	p.plans.Debts = gate.Planner{Keeper: p.keeper, Periods: p.store, Fresh: record.Fresh}
	p.plans.Record = &record.Asker{
		URL: p.cfg.RecordURL, Token: string(p.cfg.RecordToken), Fetcher: p.client, Accounts: p.store, Taker: p.importer, Now: p.in.now,
	}
	return nil
}
