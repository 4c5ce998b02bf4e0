package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/evidence"
)

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
	return withPortal(ctx, p, func(w *app.Portal) error {
		said := time.Time{}
		progress := func(done, all int64) {
			if now := time.Now(); now.Sub(said) > time.Second {
				said = now
				fmt.Fprintf(p.stderr, "%d of %d rows\n", done, all)
			}
		}
		against, err := w.Proof(ctx, chain.Audit, told)
		if err != nil {
			return err
		}
		head, err := audit.Verify(ctx, w.Store, against, progress)
		if err != nil {
			return fmt.Errorf("audit log: %w", err)
		}
		fmt.Fprintf(p.stdout, "audit log: %s\n", whole(head))
		if against, err = w.Proof(ctx, chain.Evidence, told); err != nil {
			return err
		}
		if head, err = evidence.Verify(ctx, w.Store, against, progress); err != nil {
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
	return withPortal(ctx, p, func(w *app.Portal) error {
		rows, err := w.Store.AuditReads(ctx, *actor, begin, end, mostReads)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, r := range rows {
			ref, err := w.Store.AccountRef(ctx, r.AccountID)
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

// readHead reads NAME:POSITION:LINK, the end of a chain as it was kept outside.
func readHead(s string) (map[chain.Name]chain.Head, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.Split(s, ":")
	if len(parts) != 3 || !slices.Contains(chain.Names, chain.Name(parts[0])) {
		return nil, fmt.Errorf("%w: -head takes NAME:POSITION:LINK, such as audit:1204:3f1c…", errUsage)
	}
	position, err := strconv.ParseInt(parts[1], 10, 64)
	link, bad := hex.DecodeString(parts[2])
	if err != nil || bad != nil || position < 1 {
		return nil, fmt.Errorf("%w: -head takes NAME:POSITION:LINK, such as audit:1204:3f1c…", errUsage)
	}
	return map[chain.Name]chain.Head{chain.Name(parts[0]): {Position: position, Link: link}}, nil
}

// whoWasRefused lists who was not let in. The address and the visitor are asked
// for in the clear, and looked for by their hashes: the log has no others.
func (p program) whoWasRefused(ctx context.Context, args []string) error {
	f := p.flags("audit refused")
	address := f.String("address", "", "only this address of staff")
	visitor := f.String("visitor", "", "only this visitor's address")
	from := f.String("from", time.Now().UTC().Format(time.DateOnly), "first day, YYYY-MM-DD in UTC")
	to := f.String("to", time.Now().UTC().Format(time.DateOnly), "last day, YYYY-MM-DD in UTC")
	if err := parse(f, args); err != nil {
		return err
	}
	begin, end, err := days(*from, *to)
	if err != nil {
		return fmt.Errorf("%w: portal audit refused -from 2026-01-01 -to 2026-01-31", errUsage)
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		rows, err := w.Store.AuditRefused(ctx, begin, end, mostReads)
		if err != nil {
			return err
		}
		refusals, tried, visitors := w.NewRefusals(), map[string]bool{}, map[string]bool{}
		for _, r := range rows {
			if *address != "" && r.Object != refusals.Tried(*address) || *visitor != "" && !slices.Contains(r.Refs, refusals.Visitor(*visitor)) {
				continue
			}
			tried[r.Object], visitors[r.Refs[0]] = true, true
			fmt.Fprintf(p.stdout, "%s  %s  %s  %s\n", r.At.Format(time.RFC3339), r.Action, r.Object, strings.Join(r.Refs, "  "))
		}
		_, err = fmt.Fprintf(p.stdout, "%d addresses were tried by %d visitors\n", len(tried), len(visitors))
		return err
	})
}
