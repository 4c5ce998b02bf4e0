package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/identity"
	"quittance/portal/outbox"
)

// chainKey keys the links of the chains. It outlives a change of the secret key,
// and who has the database alone does not have it.
func (p *portal) chainKey() []byte { return p.store.Key("chain") }

// newRefusals writes down who is not let in, by keyed hashes.
func (p *portal) newRefusals() *audit.Refusals {
	return &audit.Refusals{Log: p.audit, Key: p.store.Key("refusals")}
}

// tries is the store of attempts that tells the log of those that were refused.
type tries struct {
	identity.AttemptStore
	refusals *audit.Refusals
}

// SaveAttempt implements identity.AttemptStore.
func (t tries) SaveAttempt(ctx context.Context, a identity.Attempt) error {
	if err := t.AttemptStore.SaveAttempt(ctx, a); err != nil || a.Outcome != identity.Failed && a.Outcome != identity.Refused || strings.HasPrefix(a.Bucket, "step:") { // digits that were sent are counted there
		return err
	}
	return t.refusals.Note(ctx, audit.RefusedIdentity, a.Bucket, a.Visitor, strings.SplitN(a.Bucket, ":", 2)[0], string(a.Outcome))
}

// proof is what a chain is held against: its key, the ends that were kept, and
// one that was kept outside.
func (p *portal) proof(ctx context.Context, name chain.Name, told toldHead) (chain.Proof, error) {
	kept, err := p.store.Seals(ctx, name)
	if told.name == name {
		kept = append(kept, told.head)
	}
	return chain.Proof{Key: p.chainKey(), Seals: kept}, err
}

// toldHead is the end of a chain as it was kept outside.
type toldHead struct {
	name chain.Name
	head chain.Head
}

// readHead reads NAME:POSITION:LINK.
func readHead(s string) (toldHead, error) {
	if s == "" {
		return toldHead{}, nil
	}
	parts := strings.Split(s, ":")
	if len(parts) != 3 || !slices.Contains(chain.Names, chain.Name(parts[0])) {
		return toldHead{}, fmt.Errorf("%w: -head takes NAME:POSITION:LINK, such as audit:1204:3f1c…", errUsage)
	}
	position, err := strconv.ParseInt(parts[1], 10, 64)
	link, bad := hex.DecodeString(parts[2])
	if err != nil || bad != nil || position < 1 {
		return toldHead{}, fmt.Errorf("%w: -head takes NAME:POSITION:LINK, such as audit:1204:3f1c…", errUsage)
	}
	return toldHead{name: chain.Name(parts[0]), head: chain.Head{Position: position, Link: link}}, nil
}

// sealChains is a job: once a day it tells the ends of the chains to the log and
// to the agency's endpoints, where who writes to the database cannot reach
// (S11). It runs oftener, so that a day on which nobody was up is not left out.
func (p *portal) sealChains(ctx context.Context) (int, error) {
	now := p.in.now().UTC()
	facts := outbox.SealedFacts{Day: civil.Of(now).String()}
	err := p.store.InTx(ctx, func(ctx context.Context) error {
		facts.Chains = nil
		for _, name := range chain.Names {
			head, err := p.store.ChainHead(ctx, name)
			if err != nil {
				return err
			}
			if head.Keyed == 0 {
				continue // empty, or of a release before: what anybody can make proves nothing
			}
			fresh, err := p.store.AddSeal(ctx, civil.Of(now), name, head, now)
			if err != nil {
				return err
			}
			if fresh {
				facts.Chains = append(facts.Chains, outbox.ChainFacts{Name: string(name), Position: head.Position, Link: hex.EncodeToString(head.Link)})
			}
		}
		if len(facts.Chains) == 0 {
			return nil
		}
		return p.recorder.Sealed(ctx, facts)
	})
	if err != nil {
		return 0, err
	}
	for _, c := range facts.Chains {
		p.in.log.InfoContext(ctx, "a chain was sealed", "day", facts.Day, "name", c.Name, "position", c.Position, "link", c.Link)
	}
	return len(facts.Chains), nil
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
	return withPortal(ctx, p, func(w *portal) error {
		rows, err := w.store.AuditRefused(ctx, begin, end, mostReads)
		if err != nil {
			return err
		}
		refusals, tried, visitors := w.newRefusals(), map[string]bool{}, map[string]bool{}
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
