package app

import (
	"context"
	"encoding/hex"
	"strings"

	"quittance/plans/civil"
	"quittance/portal/audit"
	"quittance/portal/chain"
	"quittance/portal/identity"
	"quittance/portal/outbox"
)

// ChainKey keys the links of the chains. It outlives a change of the secret key,
// and who has the database alone does not have it.
func (p *Portal) ChainKey() []byte { return p.Store.Key("chain") }

// NewRefusals writes down who is not let in, by keyed hashes.
func (p *Portal) NewRefusals() *audit.Refusals {
	return &audit.Refusals{Log: p.Audit, Key: p.Store.Key("refusals")}
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

// Proof is what a chain is held against: its key, the ends that were kept, and
// those that were kept outside.
func (p *Portal) Proof(ctx context.Context, name chain.Name, told map[chain.Name]chain.Head) (chain.Proof, error) {
	kept, err := p.Store.Seals(ctx, name)
	if head, ok := told[name]; ok {
		kept = append(kept, head)
	}
	return chain.Proof{Key: p.ChainKey(), Seals: kept}, err
}

// SealChains is a job: once a day it tells the ends of the chains to the log and
// to the agency's endpoints, where who writes to the database cannot reach
// (S11). It runs oftener, so that a day on which nobody was up is not left out.
func (p *Portal) SealChains(ctx context.Context) (int, error) {
	now := p.in.Now().UTC()
	facts := outbox.SealedFacts{Day: civil.Of(now).String()}
	err := p.Store.InTx(ctx, func(ctx context.Context) error {
		facts.Chains = nil
		for _, name := range chain.Names {
			head, err := p.Store.ChainHead(ctx, name)
			if err != nil {
				return err
			}
			if head.Keyed == 0 {
				continue // empty, or of a release before: what anybody can make proves nothing
			}
			fresh, err := p.Store.AddSeal(ctx, civil.Of(now), name, head, now)
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
		p.in.Log.InfoContext(ctx, "a chain was sealed", "day", facts.Day, "name", c.Name, "position", c.Position, "link", c.Link)
	}
	return len(facts.Chains), nil
}
