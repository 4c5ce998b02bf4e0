package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"quittance/plans/civil"
	claims "quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
	"quittance/portal/gate"
	"quittance/portal/hold"
	"quittance/portal/intake"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// ear keeps what a watcher of disputes was told, and may refuse it.
type ear struct {
	changes []dispute.Change
	deaf    error
}

func (e *ear) DisputeChanged(_ context.Context, c dispute.Change) error {
	e.changes = append(e.changes, c)
	return e.deaf
}

// disputes is the service on a real store, with real holds and the real gate.
func disputes(t testing.TB, s *store.Store, h *hold.Service, now func() time.Time, w ...dispute.Watcher) *dispute.Service {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: []byte("0123456789abcdef0123456789abcdef")})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return &dispute.Service{
		Tx: s, Store: s, Queue: s, Files: s, Scans: s, Drafts: s, Debts: s, Gate: &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: now}, Holds: h, Claims: s, Sealer: box,
		Watchers: w, Now: now, NewID: func(prefix string) string { n++; return fmt.Sprintf("%s%d", prefix, n) },
		NewReference: func() string { n++; return fmt.Sprintf("7KQ2%04d", n) },
	}
}

func atNoon() time.Time { return noon }

var wrongAmount = dispute.Filing{Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.WrongAmount}, Language: "en"}

func openDispute(t *testing.T, d *dispute.Service, id debt.ID, f dispute.Filing, key string) dispute.Dispute {
	t.Helper()
	got, err := d.Open(t.Context(), "acc_1", id, f, key)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return got
}

func holdsOn(t *testing.T, s *store.Store, id debt.ID) []debt.Hold {
	t.Helper()
	all, err := s.Statements(t.Context(), "acc_1", []debt.ID{id}, "")
	if err != nil || len(all) != 1 {
		t.Fatalf("statements: %d, %v", len(all), err)
	}
	return all[0].Debt.Holds
}

func proof(sent civil.Date) dispute.Proof {
	return dispute.Proof{Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: sent, By: "api:tok_1"}
}

func TestDIS01_ADisputeIsKeptAsItWasSentWithItsTimeAndItsHash(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 20000)
		listener := &ear{}
		desk := disputes(t, s, holds(s), atNoon, listener)
		draft, err := desk.Keep(t.Context(), "acc_1", dispute.Typed{DebtID: "dbt_1", Fields: map[string]string{"words": "typed"}})
		must(t, err)
		_, err = desk.Collect(t.Context(), "acc_1", draft.ID, "slip.png", []byte(disputetest.Drawing()))
		must(t, err)
		f := wrongAmount
		f.Scope, f.Amount, f.PaidOn = dispute.Part, 2500, on("2026-01-05")
		f.Story = dispute.Story{Words: "I paid at the desk", PaidTo: "the clinic", SafeContact: "by email"}
		sent := openDispute(t, desk, "dbt_1", f, draft.ID)
		again := openDispute(t, desk, "dbt_1", f, draft.ID)
		if again.ID != sent.ID || len(listener.changes) != 1 || listener.changes[0].Files != 1 {
			t.Errorf("sent twice: %s and %s, %d told", sent.ID, again.ID, len(listener.changes))
		}
		got, err := desk.ByReference(t.Context(), "acc_1", sent.Reference)
		if err != nil || got.Story != f.Story || got.Disputed != 2500 || got.Owed != 10000 || !got.OpenedAt.Equal(noon) || len(got.Hash) != 64 ||
			got.Scope != dispute.Part || !slices.Equal(got.Reasons, f.Reasons) || got.PaidOn != f.PaidOn || !got.Timely || got.AnswerBy != on("2026-12-22") {
			t.Errorf("kept %+v, %v", got, err)
		}
		files, err := desk.Evidence(t.Context(), "", sent.ID)
		if err != nil || len(files) != 1 || files[0].Name != "slip.png" || files[0].Type != "image/png" {
			t.Errorf("files %+v, %v", files, err)
		}
		if _, err := desk.ByReference(t.Context(), "acc_2", sent.Reference); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("another's dispute: %v", err)
		}
	})
}

func TestDIS02_AHoldADisputeAndItsEventAreOneTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		broken := errors.New("nobody listens")
		desk := disputes(t, s, holds(s), atNoon, &ear{deaf: broken})
		if _, err := desk.Open(t.Context(), "acc_1", "dbt_1", wrongAmount, "key"); !errors.Is(err, broken) {
			t.Fatalf("%v", err)
		}
		all, err := desk.Of(t.Context(), "acc_1")
		if err != nil || len(all) != 0 || len(holdsOn(t, s, "dbt_1")) != 0 {
			t.Errorf("something of it stayed: %d disputes, %v", len(all), err)
		}
		desk.Watchers = nil
		sent := openDispute(t, desk, "dbt_1", wrongAmount, "key")
		if h := holdsOn(t, s, "dbt_1"); len(h) != 1 || h[0].Status != debt.Disputed || h[0].Amount != 0 || h[0].Source != string(sent.ID) {
			t.Errorf("holds %+v", h)
		}
	})
}

func TestDIS02_DIS04_PayPlanAndAutopayCloseAtOnceAndAPartLeavesTheRest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 10000)
		keeper := &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: atNoon}
		desk := disputes(t, s, holds(s), atNoon)
		openDispute(t, desk, "dbt_1", wrongAmount, "whole")
		part := wrongAmount
		part.Scope, part.Lines = dispute.Lines, []dispute.Line{dispute.LineInterest}
		openDispute(t, desk, "dbt_2", part, "part")
		got, err := keeper.Payables(t.Context(), "acc_1", []string{"dbt_1", "dbt_2"}, "")
		must(t, err)
		if got[0].Refusal != "disputed" || got[1].Refusal != "" || got[1].Max != 9750 {
			t.Errorf("payables %+v", got)
		}
		unattended, err := gate.Unattended{Keeper: keeper}.Payables(t.Context(), "acc_1", []string{"dbt_1", "dbt_2"}, "")
		if err != nil || unattended[0].Refusal == "" || unattended[1].Refusal == "" {
			t.Errorf("unattended %+v, %v", unattended, err)
		}
		for _, id := range []string{"dbt_1", "dbt_2"} {
			if subject, err := (gate.Planner{Keeper: keeper}).Subject(t.Context(), "acc_1", id); err != nil || subject.Refusal == "" {
				t.Errorf("a plan on %s: %+v, %v", id, subject, err)
			}
		}
	})
}

func TestDIS03_OnlyProofEndsTheHold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		listener := &ear{}
		desk := disputes(t, s, holds(s), atNoon, listener)
		sent := openDispute(t, desk, "dbt_1", wrongAmount, "key")
		for name, spoil := range map[string]func(*dispute.Proof){
			"no document": func(p *dispute.Proof) { p.DocumentID = " " }, "no method": func(p *dispute.Proof) { p.Method = "" },
			"no day": func(p *dispute.Proof) { p.SentOn = civil.Date{} }, "a day to come": func(p *dispute.Proof) { p.SentOn = on("2026-11-23") },
			"no outcome":         func(p *dispute.Proof) { p.Outcome = "" },
			"nothing to repeat":  func(p *dispute.Proof) { p.Outcome = dispute.Duplicative },
			"of another request": func(p *dispute.Proof) { p.Outcome = dispute.CreditorSent },
		} {
			p := proof(on("2026-11-22"))
			spoil(&p)
			if _, err := desk.Answer(t.Context(), sent.ID, p, nil); !errors.Is(err, dispute.ErrNoProof) {
				t.Errorf("%s: %v", name, err)
			}
		}
		electronic := proof(on("2026-11-22"))
		electronic.Method = "portal"
		if _, err := desk.Answer(t.Context(), sent.ID, electronic, nil); !errors.Is(err, dispute.ErrNoConsent) {
			t.Errorf("VAL-12: without consent: %v", err)
		}
		if _, err := desk.Answer(t.Context(), sent.ID, proof(on("2026-11-22")), &dispute.Paper{Name: "x.pdf", Content: []byte("<html>")}); !errors.Is(err, dispute.ErrFileType) {
			t.Errorf("a page for a paper: %v", err)
		}
		if len(holdsOn(t, s, "dbt_1")) != 1 {
			t.Fatal("a refused answer ended the hold")
		}
		answered, err := desk.Answer(t.Context(), sent.ID, proof(on("2026-11-22")), &dispute.Paper{Name: "V-1.pdf", Content: []byte("%PDF-1.7 judgment")})
		if err != nil || answered.State() != dispute.Answered || len(holdsOn(t, s, "dbt_1")) != 0 {
			t.Fatalf("answered %+v, %v", answered, err)
		}
		last, _ := answered.Last()
		if f, content, err := desk.ReadOwn(t.Context(), "acc_1", last.File); err != nil || string(content) != "%PDF-1.7 judgment" || f.From != dispute.FromCollector {
			t.Errorf("the paper: %+v, %v", f, err)
		}
		if _, err := desk.Answer(t.Context(), sent.ID, proof(on("2026-11-22")), nil); !errors.Is(err, dispute.ErrNotNow) {
			t.Errorf("answered twice: %v", err)
		}
		if n := len(listener.changes); n != 2 || listener.changes[1].News != dispute.Ended {
			t.Errorf("told %+v", listener.changes)
		}
	})
}

func TestDIS03_ADisputeIsClosedOtherwiseOnlyInTheConsumersFavor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		desk := disputes(t, s, holds(s), atNoon)
		f := wrongAmount
		f.Scope, f.Amount = dispute.Part, 4000
		sent := openDispute(t, desk, "dbt_1", f, "key")
		if _, err := desk.Close(t.Context(), sent.ID, "staff:1"); !errors.Is(err, dispute.ErrNoFavor) {
			t.Errorf("nothing changed: %v", err)
		}
		st := statement(t, s)
		for name, c := range map[string]struct {
			edit func(*debt.Statement)
			want bool
		}{
			"recalled":                {func(s *debt.Statement) { s.Debt.Status = debt.Recalled }, true},
			"paid elsewhere":          {func(s *debt.Statement) { s.Debt.Status = debt.Paid }, true},
			"corrected":               {func(s *debt.Statement) { s.Owed, s.Debt.Snapshot.AsOf = 6000, noon.Add(time.Hour) }, true},
			"corrected too little":    {func(s *debt.Statement) { s.Owed, s.Debt.Snapshot.AsOf = 6001, noon.Add(time.Hour) }, false},
			"lower, but by a payment": {func(s *debt.Statement) { s.Owed = 6000 }, false},
		} {
			changed := st
			c.edit(&changed)
			if _, err := dispute.Favor(sent, changed, "x"); (err == nil) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		back := owing(1, 1, 10000)
		back.Status, back.Snapshot.Version = debt.Recalled, 4
		save(t, s, intake.Batch{ChangedDebts: debts(back), At: noon})
		closed, err := desk.Close(t.Context(), sent.ID, "staff:1")
		if err != nil || closed.State() != dispute.Closed || len(holdsOn(t, s, "dbt_1")) != 0 {
			t.Errorf("closed %+v, %v", closed, err)
		}
	})
}

func TestDIS05_ASecondDisputeIsKeptMarkedAndHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		desk := disputes(t, s, holds(s), atNoon)
		first := openDispute(t, desk, "dbt_1", wrongAmount, "one")
		second := openDispute(t, desk, "dbt_1", wrongAmount, "two")
		if second.ID == first.ID || second.Earlier != "" {
			t.Errorf("the first is not answered yet: %+v", second)
		}
		_, err := desk.Answer(t.Context(), first.ID, proof(on("2026-11-20")), nil)
		must(t, err)
		if h := holdsOn(t, s, "dbt_1"); len(h) != 1 || h[0].Source != string(second.ID) {
			t.Errorf("the second does not hold: %+v", h)
		}
		third := openDispute(t, desk, "dbt_1", wrongAmount, "three")
		if third.Earlier != first.ID || len(holdsOn(t, s, "dbt_1")) != 2 {
			t.Errorf("the third: %+v", third)
		}
		other := wrongAmount
		other.Reasons = []dispute.Reason{dispute.AlreadyPaid}
		if fourth := openDispute(t, desk, "dbt_1", other, "four"); fourth.Earlier != "" {
			t.Error("a new reason is called a repetition")
		}
		p := proof(on("2026-11-21"))
		p.Outcome = dispute.Duplicative
		if _, err := desk.Answer(t.Context(), third.ID, p, nil); err != nil {
			t.Errorf("the notice that it was answered: %v", err)
		}
	})
}

func TestDIS06_WhoItWasFirstOwedToIsAHoldOfItsOwnAndAnsweredAtOnceWithConsent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 10000)
		desk := disputes(t, s, holds(s), atNoon)
		ask := dispute.Filing{Kind: dispute.Creditor}
		asked := openDispute(t, desk, "dbt_1", ask, "ask")
		if asked.State() != dispute.Open || len(holdsOn(t, s, "dbt_1")) != 1 || asked.Reference[:4] != "OCR-" {
			t.Errorf("asked %+v", asked)
		}
		desk.Consent = func(context.Context, debt.AccountID) (bool, error) { return true, nil }
		asked = openDispute(t, desk, "dbt_2", ask, "ask 2")
		last, ended := asked.Last()
		if !ended || last.Outcome != dispute.CreditorSent || last.By != "portal" || len(holdsOn(t, s, "dbt_2")) != 0 {
			t.Errorf("with consent: %+v", asked)
		}
	})
}

func TestDIS07_ALateDisputeHoldsToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		desk := disputes(t, s, holds(s), atNoon)
		desk.Timely = func(context.Context, debt.Debt, civil.Date) (bool, error) { return false, nil }
		if late := openDispute(t, desk, "dbt_1", wrongAmount, "late"); late.Timely || len(holdsOn(t, s, "dbt_1")) != 1 {
			t.Errorf("late %+v", late)
		}
	})
}

func TestSTS05_IdentityTheftHidesTheDebtAndStopsAllOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		keeper := &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: atNoon}
		desk := disputes(t, s, holds(s), atNoon)
		f := dispute.Filing{Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.IdentityTheft}, Scope: dispute.Part, Amount: 100}
		openDispute(t, desk, "dbt_1", f, "key")
		if h := holdsOn(t, s, "dbt_1"); len(h) != 1 || h[0].Status != debt.IdentityTheft || h[0].Amount != 0 {
			t.Errorf("holds %+v", h)
		}
		account, err := s.Account(t.Context(), "acc_1")
		must(t, err)
		d, err := keeper.Ask(t.Context(), gate.View, account, []debt.Debt{statement(t, s).Debt}, gate.Facts{ByConsumer: true})
		if err != nil || d[0].Allowed {
			t.Errorf("amounts are shown: %+v, %v", d, err)
		}
	})
}

func TestSTS01_InBankruptcyTheFormIsClosedAndAComplaintIsNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		must(t, holds(s).Place(t.Context(), []debt.Hold{{AccountID: "acc_1", DebtID: "dbt_1", Status: debt.Bankruptcy, Source: "clm_1"}}))
		desk := disputes(t, s, holds(s), atNoon)
		if _, err := desk.Open(t.Context(), "acc_1", "dbt_1", wrongAmount, "key"); !errors.Is(err, dispute.ErrNotOpen) {
			t.Errorf("%v", err)
		}
		complaint := openDispute(t, desk, "", dispute.Filing{Kind: dispute.Complaint, Story: dispute.Story{Words: "You called at night"}}, "c")
		if complaint.Reference[:4] != "CMP-" || len(holdsOn(t, s, "dbt_1")) != 1 {
			t.Errorf("complaint %+v", complaint)
		}
		if _, err := desk.Open(t.Context(), "acc_1", "dbt_9", wrongAmount, "k"); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("another's debt: %v", err)
		}
	})
}

func TestFilesAreKeptSealedScannedAndHandedToNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		scanner := &scans{}
		desk := disputes(t, s, holds(s), atNoon)
		desk.Scanner = scanner
		sent := openDispute(t, desk, "dbt_1", wrongAmount, "key")
		for n, content := range []string{"%PDF-1.7 canary", "%PDF-1.7 virus", "%PDF-1.7 locked"} {
			_, err := desk.AddEvidence(t.Context(), "acc_1", sent.Reference, fmt.Sprintf("%d.pdf", n), []byte(content))
			must(t, err)
		}
		files, err := desk.Evidence(t.Context(), "", sent.ID)
		must(t, err)
		for _, f := range files {
			if _, _, err := desk.Read(t.Context(), sent.ID, f.ID); !errors.Is(err, dispute.ErrNotFound) {
				t.Errorf("%s is shown before it was scanned: %v", f.Name, err)
			}
		}
		if n, err := desk.Job(t.Context()); err != nil || n != 3 {
			t.Fatalf("scanned %d, %v", n, err)
		}
		var shown []string
		for _, f := range files {
			if _, content, err := desk.Read(t.Context(), sent.ID, f.ID); err == nil {
				shown = append(shown, string(content))
			}
			if _, _, err := desk.ReadOwn(t.Context(), "acc_2", f.ID); !errors.Is(err, dispute.ErrNotFound) {
				t.Errorf("another reads it: %v", err)
			}
			if _, sealed, err := s.FileBytes(t.Context(), f.ID); err != nil || slices.Contains([]string{"canary", "virus"}, string(sealed)) {
				t.Errorf("not sealed: %v", err)
			}
		}
		if !slices.Equal(shown, []string{"%PDF-1.7 canary"}) {
			t.Errorf("staff are shown %q", shown)
		}
		scanner.down = errors.New("nobody there")
		_, err = desk.AddEvidence(t.Context(), "acc_1", sent.Reference, "4.pdf", []byte("%PDF-1.7 later"))
		must(t, err)
		if _, err := desk.Job(t.Context()); !errors.Is(err, scanner.down) {
			t.Errorf("%v", err)
		}
		if waiting, err := s.PendingScans(t.Context(), 9); err != nil || len(waiting) != 1 {
			t.Errorf("waiting %v, %v", waiting, err)
		}
	})
}

// scans is a scanner that knows three words.
type scans struct{ down error }

func (s *scans) Scan(_ context.Context, content []byte) (bool, error) {
	switch text := string(content); {
	case s.down != nil:
		return false, s.down
	case text == "%PDF-1.7 locked":
		return false, dispute.ErrUnscannable
	default:
		return text == "%PDF-1.7 virus", nil
	}
}

func TestDraftsAndTheirFilesAreForgottenAndAtMostSixFilesAreTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		now := noon
		desk := disputes(t, s, holds(s), func() time.Time { return now })
		draft, err := desk.Keep(t.Context(), "acc_1", dispute.Typed{DebtID: "dbt_1", Fields: map[string]string{"words": "secret"}})
		must(t, err)
		var first dispute.File
		for n := range dispute.MostFiles {
			f, err := desk.Collect(t.Context(), "acc_1", draft.ID, "a.jpg", []byte(disputetest.Photo()))
			must(t, err)
			if n == 0 {
				first = f
			}
		}
		if _, err := desk.Collect(t.Context(), "acc_1", draft.ID, "b.jpg", []byte(disputetest.Photo())); !errors.Is(err, dispute.ErrFull) {
			t.Errorf("a seventh: %v", err)
		}
		if _, err := desk.Collect(t.Context(), "acc_2", draft.ID, "b.jpg", []byte(disputetest.Photo())); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("into another's form: %v", err)
		}
		if err := desk.Drop(t.Context(), "acc_2", first.ID); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("another drops it: %v", err)
		}
		must(t, desk.Drop(t.Context(), "acc_1", first.ID))
		if _, err := desk.Draft(t.Context(), "acc_2", draft.ID); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("another's draft: %v", err)
		}
		now = noon.Add(49 * time.Hour)
		_, err = desk.Job(t.Context())
		must(t, err)
		files, err := desk.Evidence(t.Context(), draft.ID, "")
		if _, gone := desk.Draft(t.Context(), "acc_1", draft.ID); err != nil || len(files) != 0 || !errors.Is(gone, dispute.ErrNotFound) {
			t.Errorf("left: %d files, %v, %v", len(files), err, gone)
		}
	})
}

// TestSTS05_PapersOfAClaimAreKeptLikeThoseOfADispute: sealed and scanned, at most
// six, never with those of forms, never of what takes none, and they go with the
// account.
func TestSTS05_PapersOfAClaimAreKeptLikeThoseOfADispute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		now := noon
		desk := disputes(t, s, holds(s), func() time.Time { return now })
		desk.Scanner = &scans{}
		add := func(id claims.ID, content string) (dispute.File, error) {
			return desk.AddClaimPaper(t.Context(), id, "report.pdf", []byte(content))
		}
		for id, c := range map[claims.ID]claims.Claim{
			"clm_1": {Kind: claims.IdentityTheft, State: claims.Claimed}, "clm_2": {Kind: claims.Hardship, State: claims.Claimed},
			"clm_3": {Kind: claims.Bankruptcy, State: claims.Cleared}, "clm_4": {Kind: claims.WrongPerson, State: claims.Claimed},
		} {
			c.ID, c.Reference, c.AccountID, c.Door, c.CreatedAt = id, "CLM-"+string(id), "acc_1", claims.ByConsumer, noon
			must(t, s.AddClaim(t.Context(), c))
			if _, err := add(id, "%PDF-1.7 canary"); (id == "clm_1") != (err == nil) || err != nil && !errors.Is(err, dispute.ErrNotNow) {
				t.Errorf("%s of a %s claim: %v", c.Kind, c.State, err)
			}
		}
		if _, err := add("clm_9", "%PDF-1.7 canary"); !errors.Is(err, claims.ErrNotFound) {
			t.Errorf("of no claim: %v", err)
		}
		files, err := desk.ClaimPapers(t.Context(), "clm_1")
		if err != nil || len(files) != 1 || files[0].Name != "report.pdf" || files[0].AccountID != "acc_1" {
			t.Fatalf("kept %+v, %v", files, err)
		}
		if _, _, err := desk.ReadClaimPaper(t.Context(), "clm_1", files[0].ID); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("shown before it was scanned: %v", err)
		}
		now = noon.Add(49 * time.Hour) // forms that were not sent are forgotten by now
		_, err = desk.Job(t.Context())
		must(t, err)
		if _, content, err := desk.ReadClaimPaper(t.Context(), "clm_1", files[0].ID); err != nil || string(content) != "%PDF-1.7 canary" {
			t.Errorf("afterwards %q, %v", content, err)
		}
		for name, read := range map[string]func() error{
			"by another claim": func() error { _, _, err := desk.ReadClaimPaper(t.Context(), "clm_2", files[0].ID); return err },
			"as a dispute's":   func() error { _, _, err := desk.Read(t.Context(), "", files[0].ID); return err },
			"by another":       func() error { _, _, err := desk.ReadOwn(t.Context(), "acc_2", files[0].ID); return err },
			"dropped":          func() error { return desk.Drop(t.Context(), "acc_1", files[0].ID) },
		} {
			if err := read(); !errors.Is(err, dispute.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if loose, err := desk.Evidence(t.Context(), "", ""); err != nil || len(loose) != 0 {
			t.Errorf("with those of forms: %+v, %v", loose, err)
		}
		for range dispute.MostFiles - 1 {
			_, err := add("clm_1", "%PDF-1.7 more")
			must(t, err)
		}
		if _, err := add("clm_1", "%PDF-1.7 more"); !errors.Is(err, dispute.ErrFull) {
			t.Errorf("a seventh: %v", err)
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error { _, err := s.EraseAccount(ctx, "acc_1", now); return err }))
		if _, _, err := desk.ReadOwn(t.Context(), "acc_1", files[0].ID); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("after the account was erased: %v", err)
		}
	})
}

// TestDIS03_TakenBackByTheConsumersOwnActTheHoldEndsAndTheEventIsTold: once,
// and only by its own account.
func TestDIS03_TakenBackByTheConsumersOwnActTheHoldEndsAndTheEventIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		listener := &ear{}
		desk := disputes(t, s, holds(s), atNoon, listener)
		sent := openDispute(t, desk, "dbt_1", wrongAmount, "key")
		if _, err := desk.Withdraw(t.Context(), "acc_2", sent.Reference); !errors.Is(err, dispute.ErrNotFound) {
			t.Errorf("by another account: %v", err)
		}
		if len(holdsOn(t, s, "dbt_1")) != 1 {
			t.Fatal("a stranger ended the hold")
		}
		for range 2 {
			d, err := desk.Withdraw(t.Context(), "acc_1", sent.Reference)
			if last, _ := d.Last(); err != nil || last.Outcome != dispute.Withdrawn || last.By != "consumer" || len(holdsOn(t, s, "dbt_1")) != 0 {
				t.Fatalf("taken back: %+v, %v", d.Steps, err)
			}
		}
		if n := len(listener.changes); n != 2 || listener.changes[1].News != dispute.Ended {
			t.Errorf("told %+v", listener.changes)
		}
		if _, err := desk.Answer(t.Context(), sent.ID, proof(on("2026-11-22")), nil); !errors.Is(err, dispute.ErrNotNow) {
			t.Errorf("answered after it was taken back: %v", err)
		}
		again := openDispute(t, desk, "dbt_1", wrongAmount, "key-2")
		if again.Earlier != "" || len(holdsOn(t, s, "dbt_1")) != 1 {
			t.Errorf("sent anew it counts as a repetition, or holds nothing: %+v", again)
		}
		stolen := wrongAmount
		stolen.Reasons = []dispute.Reason{dispute.IdentityTheft}
		theft := openDispute(t, desk, "dbt_1", stolen, "key-3")
		if _, err := desk.Withdraw(t.Context(), "acc_1", theft.Reference); !errors.Is(err, dispute.ErrStays) {
			t.Errorf("a stolen name is taken back: %v", err)
		}
	})
}

// TestADayHasAnEndOfFilesAndAPersonOfUnsentForms sends through the service that
// every form and page uses.
func TestADayHasAnEndOfFilesAndAPersonOfUnsentForms(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		now := noon
		desk := disputes(t, s, holds(s), func() time.Time { return now })
		begin := func() (dispute.Typed, error) {
			return desk.Keep(t.Context(), "acc_1", dispute.Typed{DebtID: "dbt_1", Fields: map[string]string{}})
		}
		var drafts []string
		for range dispute.MostDrafts {
			draft, err := begin()
			must(t, err)
			drafts = append(drafts, draft.ID)
		}
		if _, err := begin(); !errors.Is(err, dispute.ErrDrafts) {
			t.Errorf("one form more: %v", err)
		}
		_, err := desk.Keep(t.Context(), "acc_1", dispute.Typed{ID: drafts[0], DebtID: "dbt_1", Fields: map[string]string{"words": "on"}})
		must(t, err) // what is begun can be gone on with
		for n := range dispute.FilesADay {
			_, err := desk.Collect(t.Context(), "acc_1", drafts[n/dispute.MostFiles], "a.jpg", []byte(disputetest.Photo()))
			must(t, err)
		}
		last := drafts[dispute.FilesADay/dispute.MostFiles]
		if _, err := desk.Collect(t.Context(), "acc_1", last, "b.jpg", []byte(disputetest.Photo())); !errors.Is(err, dispute.ErrDay) {
			t.Errorf("one file more in a day: %v", err)
		}
		openDispute(t, desk, "dbt_1", wrongAmount, drafts[0])
		if _, err := begin(); err != nil {
			t.Errorf("a form that was sent still counts: %v", err)
		}
		now = noon.Add(24*time.Hour + time.Second)
		if _, err := desk.Collect(t.Context(), "acc_1", last, "b.jpg", []byte(disputetest.Photo())); err != nil {
			t.Errorf("the next day: %v", err)
		}
	})
}
