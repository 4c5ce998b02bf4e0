package claim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

// Service takes claims and lets them take effect. All fields are required but
// Watchers.
type Service struct {
	Tx        Transactor
	Store     Store
	Lists     Lists
	Going     Going
	Accounts  Accounts
	Holds     Holds
	Links     Links
	Addresses Addresses
	Sealer    Sealer
	Watchers  []Watcher
	Now       func() time.Time
	NewID     func() (ID, string) // with the reference to read aloud
	NewReport func() string
}

// Request is what somebody says.
type Request struct {
	AccountID debt.AccountID
	Kind      Kind
	Door      Door
	By        string
	Details   Details
}

// Make takes a claim. In one transaction it is kept, every debt of the account
// is held, texted links end, plans rest or end, and the system of record is
// told. The same claim made again is the one that is open; what is new in it is
// kept with it.
func (s *Service) Make(ctx context.Context, r Request) (Claim, error) {
	var made Claim
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		made, err = s.make(ctx, r)
		return err
	})
	if err != nil {
		return Claim{}, fmt.Errorf("claim: %w", err)
	}
	return made, nil
}

// Died takes the word of whoever holds a link that the person it was sent to
// has died (STS-02). Nothing is shown to them and nothing confirmed.
func (s *Service) Died(ctx context.Context, token string, d Details) error {
	return s.died(ctx, d, func(ctx context.Context) (identity.Link, error) { return s.Links.Holder(ctx, token) })
}

// DiedPending is Died one page later, where the link is known by the visit.
func (s *Service) DiedPending(ctx context.Context, pending string, d Details) error {
	return s.died(ctx, d, func(ctx context.Context) (identity.Link, error) { return s.Links.HolderPending(ctx, pending) })
}

// Stranger keeps, in the caller's transaction, that a link reached somebody else
// (SMS-03). The one address is severed by whoever calls; the debts are not held:
// nothing was said of the consumer.
func (s *Service) Stranger(ctx context.Context, id debt.AccountID, by string) error {
	held, err := s.Store.OpenClaim(ctx, id, WrongPerson)
	if errors.Is(err, ErrNotFound) {
		if held, err = begin(WrongPerson, id, ByLink, s.now()); err != nil {
			return err
		}
		held.ID, held.Reference = s.NewID()
		held.Stopped.Links = 1
		err = s.Store.AddClaim(ctx, held)
	}
	if err != nil {
		return err
	}
	return s.report(ctx, held, Request{AccountID: id, Kind: WrongPerson, Door: ByLink, By: by})
}

func (s *Service) died(ctx context.Context, d Details, holder func(context.Context) (identity.Link, error)) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		link, err := holder(ctx)
		if err != nil {
			return err
		}
		_, err = s.make(ctx, Request{AccountID: link.AccountID, Kind: Death, Door: ByLink, By: "link:" + string(link.ID), Details: d})
		return err
	})
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func (s *Service) make(ctx context.Context, r Request) (Claim, error) {
	r.Details = r.Details.tidy()
	held, err := s.Store.OpenClaim(ctx, r.AccountID, r.Kind)
	switch {
	case err == nil && (held.Until.IsZero() || s.now().Before(held.Until)):
		return s.again(ctx, held, r)
	case err == nil:
		if err := s.end(ctx, held); err != nil { // its day has come: a new pause begins
			return Claim{}, err
		}
	case !errors.Is(err, ErrNotFound):
		return Claim{}, err
	}
	return s.first(ctx, r)
}

// again adds to an open claim what is new. What a stranger said by a link
// begins to count for the account when it is said after the identity check. Who
// comes by a link after another changes nothing more about a death.
func (s *Service) again(ctx context.Context, c Claim, r Request) (Claim, error) {
	if c.Kind == Death && r.Door == ByLink {
		return c, nil
	}
	known, err := s.Said(ctx, c.ID)
	if err != nil {
		return c, err
	}
	widens := (c.Kind == WrongPerson || c.Kind == Death) && c.Door == ByLink && r.Door == ByConsumer
	if !widens && r.Details.over(known) == known {
		return c, nil
	}
	debts, err := s.debts(ctx, c.AccountID)
	if err != nil {
		return c, err
	}
	if widens && c.Kind == WrongPerson {
		if err := s.stop(ctx, c, debts); err != nil {
			return c, err
		}
	}
	if widens {
		c.Door = ByConsumer
	}
	c = s.consent(c, r)
	if err := s.Store.SaveClaim(ctx, c); err != nil {
		return c, err
	}
	if err := s.report(ctx, c, r); err != nil {
		return c, err
	}
	return c, s.tell(ctx, c, r.Details, debts)
}

func (s *Service) first(ctx context.Context, r Request) (Claim, error) {
	c, err := begin(r.Kind, r.AccountID, r.Door, s.now())
	if err != nil {
		return c, err
	}
	c.ID, c.Reference = s.NewID()
	c = s.consent(c, r)
	debts, err := s.debts(ctx, r.AccountID)
	if err != nil {
		return c, err
	}
	before, err := s.Going.Going(ctx, r.AccountID, c.CreatedAt)
	if err != nil {
		return c, err
	}
	if err := s.stop(ctx, c, debts); err != nil {
		return c, err
	}
	after, err := s.Going.Going(ctx, r.AccountID, c.CreatedAt)
	if err != nil {
		return c, err
	}
	c.Stopped = before.minus(after)
	if effects[c.Kind].Links {
		c.Stopped.Messages = before.Messages // each is asked about again before it leaves
	}
	if err := s.Store.AddClaim(ctx, c); err != nil {
		return c, err
	}
	if err := s.report(ctx, c, r); err != nil {
		return c, err
	}
	return c, s.tell(ctx, c, r.Details, debts)
}

func (s *Service) consent(c Claim, r Request) Claim {
	if c.Kind == Attorney && r.Door == ByConsumer && r.Details.PayAnyway != "" && c.ConsentAt.IsZero() {
		c.ConsentAt = s.now()
	}
	return c
}

func (s *Service) debts(ctx context.Context, id debt.AccountID) ([]debt.Debt, error) {
	statements, err := s.Accounts.AccountStatements(ctx, id)
	debts := make([]debt.Debt, len(statements))
	for i, st := range statements {
		debts[i] = st.Debt
	}
	return debts, err
}

// stop lets the claim take effect.
func (s *Service) stop(ctx context.Context, c Claim, debts []debt.Debt) error {
	effect := effects[c.Kind]
	holds := make([]debt.Hold, 0, len(debts))
	for _, d := range debts {
		holds = append(holds, debt.Hold{AccountID: c.AccountID, DebtID: d.ID, Status: effect.Counts, Source: string(c.ID)})
	}
	if len(holds) > 0 {
		if err := s.Holds.Place(ctx, holds); err != nil {
			return err
		}
	}
	if effect.Links {
		if err := s.Links.RevokeAll(ctx, c.AccountID); err != nil {
			return err
		}
	}
	if effect.Sever {
		return s.sever(ctx, c)
	}
	return nil
}

// sever keeps every address on file from being used again (STS-09, SMS-03).
func (s *Service) sever(ctx context.Context, c Claim) error {
	account, err := s.Accounts.Account(ctx, c.AccountID)
	if err != nil {
		return err
	}
	for _, ch := range []contact.Channel{contact.SMS, contact.Email} {
		address := contact.Address(ch, account.Consumer.Phone, account.Consumer.Email)
		if address == "" {
			continue
		}
		if err := s.Addresses.Suppress(ctx, c.AccountID, ch, s.Addresses.Hash(ch, address), contact.WrongPerson); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) report(ctx context.Context, c Claim, r Request) error {
	plain, err := json.Marshal(r.Details)
	if err != nil {
		return err
	}
	made := Report{ID: s.NewReport(), ClaimID: c.ID, At: s.now(), Door: r.Door, By: r.By}
	if made.Sealed, err = s.Sealer.Seal(plain, rowOf(made.ID)); err != nil {
		return err
	}
	return s.Store.AddReport(ctx, made)
}

func rowOf(report string) string { return "claim_reports/" + report }

func (s *Service) tell(ctx context.Context, c Claim, d Details, debts []debt.Debt) error {
	for _, w := range s.Watchers {
		if err := w.ClaimMade(ctx, News{Claim: c, Effect: effects[c.Kind], Details: d, Debts: debts}); err != nil {
			return err
		}
	}
	return nil
}

// Said returns what was said with a claim, the newest word for each field, for
// those who may read it.
func (s *Service) Said(ctx context.Context, id ID) (Details, error) {
	var all Details
	reports, err := s.Lists.Reports(ctx, id)
	if err != nil {
		return all, err
	}
	for _, r := range reports {
		if len(r.Sealed) == 0 {
			continue // erased (REC-01)
		}
		plain, err := s.Sealer.Open(r.Sealed, rowOf(r.ID))
		if err != nil {
			return all, fmt.Errorf("open report %s: %w", r.ID, err)
		}
		var said Details
		if err := json.Unmarshal(plain, &said); err != nil {
			return all, fmt.Errorf("read report %s: %w", r.ID, err)
		}
		all = said.over(all)
	}
	return all, nil
}
