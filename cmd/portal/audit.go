package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/debt"
	"quittance/portal/evidence"
	"quittance/portal/gate"
	"quittance/portal/pack"
	"quittance/portal/store"
)

// keepEvidence keeps what each person saw, with what was decided for it.
func (p *portal) keepEvidence() *evidence.Keeper {
	return &evidence.Keeper{Store: p.store, Now: p.in.now, Build: release + " " + source(), Rules: p.rulesInForce}
}

// rulesInForce is one stamp of all compliance packs that hold on the day;
// `portal packs` lists them.
func (p *portal) rulesInForce(now time.Time) string {
	sum := sha256.New()
	for one := range p.places.Book.On(pack.Day(civil.Of(now))) {
		fmt.Fprintln(sum, one.Stamp())
	}
	return fmt.Sprintf("packs %x", sum.Sum(nil)[:8])
}

// deciding is the store for the gate: what it decides stands with the page.
type deciding struct{ *store.Store }

// KeepDecisions implements gate.Records.
func (d deciding) KeepDecisions(ctx context.Context, kept []gate.Kept) error {
	for _, k := range kept {
		evidence.Decided(ctx, fmt.Sprintf("%s %s %s allowed=%t %s %s", k.Action, k.DebtID, k.Status, k.Decision.Allowed, k.Decision.Reason,
			strings.Join(k.Decision.RuleIDs, ",")))
	}
	return d.Store.KeepDecisions(ctx, kept)
}

// link is a job: it links what was written to the chains.
func (p *portal) link(ctx context.Context) (int, error) {
	linked := 0
	for _, name := range chain.Names {
		n, err := (&chain.Linker{Tx: p.store, Store: p.store, Name: name, Key: p.chainKey()}).Run(ctx)
		if err != nil {
			return linked, err
		}
		linked += n
	}
	return linked, nil
}

// looked is the store for those who look at other people's accounts: each look
// is written down before anything is shown (SEC-09).
type looked struct {
	*store.Store
	audit *audit.Log
}

// Account loads an account for staff or a program.
func (l looked) Account(ctx context.Context, id debt.AccountID) (debt.Account, error) {
	a, err := l.Store.Account(ctx, id)
	if err == nil && !audit.IsSeen(ctx) {
		err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
	}
	return a, err
}

// AccountByRef finds an account for staff or a program.
func (l looked) AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error) {
	a, found, err := l.Store.AccountByRef(ctx, ref)
	if err == nil && found {
		err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
	}
	return a, found, err
}

// FindAccounts finds accounts for staff.
func (l looked) FindAccounts(ctx context.Context, query string, limit int) ([]debt.Account, error) {
	found, err := l.Store.FindAccounts(ctx, query, limit)
	for _, a := range found {
		if err == nil {
			err = l.audit.Note(ctx, audit.Reading+"account", string(a.ID), "")
		}
	}
	return found, err
}

// auditCommand checks the log, or says whose data somebody read.
func auditCommand(ctx context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"verify":  func(args []string) error { return p.verifyAudit(ctx, args) },
		"who":     func(args []string) error { return p.whoRead(ctx, args) },
		"refused": func(args []string) error { return p.whoWasRefused(ctx, args) },
	})
}

func (p program) verifyAudit(ctx context.Context, args []string) error {
	f := p.flags("audit verify")
	kept := f.String("head", "", "an end that was kept outside, as NAME:POSITION:LINK of audit.sealed or of the log")
	if err := parse(f, args); err != nil {
		return err
	}
	told, err := readHead(*kept)
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *portal) error {
		said := time.Time{}
		progress := func(done, all int64) {
			if now := time.Now(); now.Sub(said) > time.Second {
				said = now
				fmt.Fprintf(p.stderr, "%d of %d rows\n", done, all)
			}
		}
		against, err := w.proof(ctx, chain.Audit, told)
		if err != nil {
			return err
		}
		head, err := audit.Verify(ctx, w.store, against, progress)
		if err != nil {
			return fmt.Errorf("audit log: %w", err)
		}
		fmt.Fprintf(p.stdout, "audit log: %s\n", whole(head))
		if against, err = w.proof(ctx, chain.Evidence, told); err != nil {
			return err
		}
		if head, err = evidence.Verify(ctx, w.store, against, progress); err != nil {
			return fmt.Errorf("what was seen: %w", err)
		}
		_, err = fmt.Fprintf(p.stdout, "what was seen: %s\n", whole(head))
		return err
	})
}

// whole says how far a chain goes that was found as it was written, and how much
// that proves.
func whole(head chain.Head) string {
	links := fmt.Sprintf("links are keyed from row %d on", head.Keyed)
	switch {
	case head.Position == 0:
		return "no row is linked yet; those that wait for a worker are as they were written"
	case head.Keyed == 0:
		links = "links are plain, so that who writes to the database could have made them; a worker keys the next ones"
	case head.Keyed > 1:
		links += ", and plain before, which the first keyed one holds"
	}
	return fmt.Sprintf("%d rows are as they were written; %s; the last link is %x", head.Position, links, head.Link)
}

// mostReads bounds the answer of `portal audit who`.
const mostReads = 100_000

func (p program) whoRead(ctx context.Context, args []string) error {
	f := p.flags("audit who")
	actor := f.String("actor", "", "whose looks: staff:stf_…, token:tok_…")
	from := f.String("from", "", "first day, YYYY-MM-DD in UTC")
	to := f.String("to", "", "last day, YYYY-MM-DD in UTC")
	if err := parse(f, args); err != nil {
		return err
	}
	begin, end, err := days(*from, *to)
	if err != nil || *actor == "" {
		return fmt.Errorf("%w: portal audit who --actor staff:stf_… --from 2026-01-01 --to 2026-01-31", errUsage)
	}
	return withPortal(ctx, p, func(w *portal) error {
		rows, err := w.store.AuditReads(ctx, *actor, begin, end, mostReads)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, r := range rows {
			ref, err := w.store.AccountRef(ctx, r.AccountID)
			if err != nil {
				ref = r.AccountID // erased since
			}
			if r.AccountID != "" {
				seen[r.AccountID] = true
			}
			fmt.Fprintf(p.stdout, "%s  %s  %s\n", r.At.Format(time.RFC3339), ref, r.Action)
		}
		_, err = fmt.Fprintf(p.stdout, "%d looks at %d accounts\n", len(rows), len(seen))
		return err
	})
}

// days reads two days, both of them whole.
func days(from, to string) (begin, end time.Time, err error) {
	begin, first := time.Parse(time.DateOnly, from)
	last, second := time.Parse(time.DateOnly, to)
	return begin, last.AddDate(0, 0, 1), errors.Join(first, second)
}
