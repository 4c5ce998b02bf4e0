package dispute

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/pack"
	"quittance/portal/represent"
)

// AnswerDays is how many days the agency gives itself to answer where the law of
// the place names none.
const AnswerDays = 30

// Service takes disputes and ends them. All fields are required but Timely,
// Consent, Deadline, Scanner and Watchers.
type Service struct {
	Tx     Transactor
	Store  Store
	Queue  Queue
	Files  Files
	Scans  Scans
	Drafts Drafts
	Debts  Debts
	Gate   Gate
	Holds  Holds
	Claims Claims
	Sealer Sealer
	// Timely says whether a dispute of a debt comes within its validation period;
	// what is not known is timely (DIS-02). Nil: all are.
	Timely func(ctx context.Context, of debt.Debt, on civil.Date) (bool, error)
	// Consent says whether the consumer agreed to get answers by electronic means
	// alone (VAL-12). Nil: nobody did.
	Consent func(ctx context.Context, id debt.AccountID) (bool, error)
	// Deadline is the days within which a dispute is answered by the law of the
	// place, 0 where it names none; nil: it never does (STA-02).
	Deadline func(person debt.Account, of debt.Debt, opened civil.Date) (days int)
	Scanner  Scanner // nil: files are not scanned
	Watchers []Watcher
	Now      func() time.Time
	// NewID makes an id with a prefix, NewReference eight readable characters.
	NewID        func(prefix string) string
	NewReference func() string

	// filing is held while a consumer's file is written anew and kept: who waits to
	// write something small waits for one file at most. It is taken before the
	// transaction, purifying in one too.
	filing, purifying sync.Mutex
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Open takes a filing of a consumer on one of their debts, under a key: the
// same key again returns the first. In one transaction it is kept, the debt is
// held, and whoever has to know is told (DIS-01, DIS-02). The error is Problems
// where the person can put something right, ErrNotFound for another's debt and
// ErrNotOpen where the law leaves only the phone.
func (s *Service) Open(ctx context.Context, account debt.AccountID, id debt.ID, f Filing, key string) (Dispute, error) {
	var d Dispute
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		st, person, err := s.subject(ctx, account, id, f.Kind)
		if err != nil {
			return err
		}
		if d, err = s.filed(ctx, st, person, f, key); err != nil {
			return err
		}
		held, fresh, err := s.Store.AddDispute(ctx, d)
		if err != nil || !fresh {
			d = held
			return err
		}
		if err := s.Files.AttachFiles(ctx, key, d.ID); err != nil {
			return err
		}
		if err := s.hold(ctx, d); err != nil {
			return err
		}
		came, err := s.Files.FilesOf(ctx, Owner{Dispute: d.ID})
		if err != nil {
			return err
		}
		if err := s.tell(ctx, Change{Dispute: d, News: Opened, Files: len(came)}); err != nil {
			return err
		}
		return s.answerAlone(ctx, &d, st.Debt)
	})
	return d, err
}

// subject loads and locks the debt and asks the gate. A complaint may be about
// no debt at all.
func (s *Service) subject(ctx context.Context, account debt.AccountID, id debt.ID, k Kind) (debt.Statement, debt.Account, error) {
	person, err := s.Debts.Account(ctx, account)
	if err != nil || id == "" && k == Complaint {
		return debt.Statement{}, person, err
	}
	found, err := s.Debts.Statements(ctx, account, []debt.ID{id}, "")
	if err != nil {
		return debt.Statement{}, person, err
	}
	if len(found) != 1 {
		return debt.Statement{}, person, ErrNotFound
	}
	if k == Complaint {
		return found[0], person, nil
	}
	decisions, err := s.Gate.Ask(ctx, gate.Dispute, person, []debt.Debt{found[0].Debt}, gate.Facts{ByConsumer: true})
	if err == nil && !decisions[0].Allowed {
		err = fmt.Errorf("%w: %s", ErrNotOpen, decisions[0].Reason)
	}
	return found[0], person, err
}

// filed makes a dispute of a filing.
func (s *Service) filed(ctx context.Context, st debt.Statement, person debt.Account, f Filing, key string) (Dispute, error) {
	now := s.now()
	today := gate.Day(now, person.Consumer.Address.State)
	owed := max(0, st.Owed)
	disputed, problems := Check(f, st.Debt.Itemization, owed, today)
	if len(problems) > 0 {
		return Dispute{}, problems
	}
	d := Dispute{
		ID: ID(s.NewID("dsp_")), Reference: f.Kind.Prefix() + s.NewReference(), RequestKey: key, AccountID: person.ID,
		DebtID: st.Debt.ID, DebtRef: st.Debt.Ref, CreditorRef: st.Debt.CreditorRef, By: represent.Who(ctx).Role, Filing: f, Disputed: disputed, Owed: owed,
		Timely: true, OpenedAt: now, AnswerBy: s.deadline(f.Kind, person, st.Debt, today),
	}
	d.Scope = cmp.Or(d.Scope, Whole)
	if disputed >= owed {
		d.Scope = Whole
	}
	var err error
	if s.Timely != nil && st.Debt.ID != "" {
		if d.Timely, err = s.Timely(ctx, st.Debt, today); err != nil {
			return d, err
		}
	}
	if d.Earlier, err = s.earlier(ctx, d); err != nil {
		return d, err
	}
	return d, s.seal(ctx, &d, key)
}

// Within is the Deadline by the law of where the consumer lives.
func Within(law gate.Law) func(person debt.Account, of debt.Debt, opened civil.Date) int {
	return func(person debt.Account, of debt.Debt, opened civil.Date) int {
		a := person.Consumer.Address
		return law.Resolve(pack.Facts{State: a.State, PostalCode: a.PostalCode, DebtType: string(of.Type), Day: opened}).AnswerDays()
	}
}

// deadline is the day by which an answer is due: that of the law of the place
// where it has one for disputes, else the agency's own.
func (s *Service) deadline(k Kind, person debt.Account, of debt.Debt, opened civil.Date) civil.Date {
	days := 0
	if s.Deadline != nil && k == OfDebt {
		days = s.Deadline(person, of, opened)
	}
	return opened.AddDays(cmp.Or(days, AnswerDays))
}

// earlier is the answered dispute that this one may repeat (DIS-05).
func (s *Service) earlier(ctx context.Context, d Dispute) (ID, error) {
	all, err := s.Store.DisputesOf(ctx, d.AccountID)
	for _, other := range all {
		if d.Repeats(other) {
			return other.ID, err
		}
	}
	return "", err
}

// seal hides the story, and takes the hash of all that was sent (DIS-01).
func (s *Service) seal(ctx context.Context, d *Dispute, draft string) error {
	story, err := json.Marshal(d.Story)
	if err != nil {
		return err
	}
	files, err := s.Files.FilesOf(ctx, Owner{Draft: draft})
	if err != nil {
		return err
	}
	hash := sha256.New()
	fmt.Fprintln(hash, d.ID, d.DebtRef, d.Kind, d.Scope, d.Lines, d.Disputed, d.Reasons, d.PaidOn, d.OpenedAt.UnixMicro())
	hash.Write(story)
	for _, f := range files {
		fmt.Fprintln(hash, f.ID, f.SHA256)
	}
	d.Hash = hex.EncodeToString(hash.Sum(nil))
	d.Sealed, err = s.Sealer.Seal(story, storyRow(d.ID))
	return err
}

func storyRow(id ID) string { return "dispute_stories/" + string(id) }

func (s *Service) hold(ctx context.Context, d Dispute) error {
	if !d.Kind.Holds() {
		return nil
	}
	return s.Holds.Place(ctx, []debt.Hold{{
		AccountID: d.AccountID, DebtID: d.DebtID, Status: d.HoldStatus(), Amount: d.HoldAmount(), Source: string(d.ID), OpenedAt: d.OpenedAt,
	}})
}

func (s *Service) tell(ctx context.Context, c Change) error {
	for _, w := range s.Watchers {
		if err := w.DisputeChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// answerAlone answers who a debt was first owed to at once, where the system of
// record has told and the consumer agreed to answers on the screen (DIS-06).
func (s *Service) answerAlone(ctx context.Context, d *Dispute, of debt.Debt) error {
	if d.Kind != Creditor || of.OriginalCreditorName == "" || s.Consent == nil {
		return nil
	}
	agreed, err := s.Consent(ctx, d.AccountID)
	if err != nil || !agreed {
		return err
	}
	*d, err = s.Answer(ctx, d.ID, Proof{
		Outcome: CreditorSent, DocumentID: d.Reference, Method: "portal", SentOn: civil.Of(s.now()), By: "portal",
	}, nil)
	return err
}

// Paper is a document that comes with an answer.
type Paper struct {
	Name    string
	Content []byte
}

// Answer ends a dispute on proof, and with it the hold (DIS-03). The paper, if
// there is one, is then there for the consumer to read. What was held does not
// go on by itself: a plan waits for the consumer's word.
func (s *Service) Answer(ctx context.Context, id ID, p Proof, paper *Paper) (Dispute, error) {
	var d Dispute
	var clean Clean
	if paper != nil {
		var err error
		if clean, err = s.purify(ctx, paper.Content); err != nil {
			return d, err
		}
	}
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if d, err = s.Store.Dispute(ctx, id); err != nil {
			return err
		}
		step, err := Answer(d, p, civil.Of(s.now()))
		if err != nil {
			return err
		}
		if err := s.consented(ctx, d, p); err != nil {
			return err
		}
		if paper != nil {
			f, err := s.add(ctx, File{AccountID: d.AccountID, DisputeID: d.ID, Name: paper.Name, From: FromCollector}, clean)
			if err != nil {
				return err
			}
			step.File = f.ID
		}
		return s.end(ctx, &d, step)
	})
	return d, err
}

// consented asks for the consumer's consent to an answer that goes out by
// electronic means alone (VAL-12).
func (s *Service) consented(ctx context.Context, d Dispute, p Proof) error {
	if p.ByMail() || d.Kind == Complaint {
		return nil
	}
	if s.Consent == nil {
		return ErrNoConsent
	}
	agreed, err := s.Consent(ctx, d.AccountID)
	if err == nil && !agreed {
		err = ErrNoConsent
	}
	return err
}

// Close ends a dispute in the consumer's favor, if the debt now stands so.
func (s *Service) Close(ctx context.Context, id ID, by string) (Dispute, error) {
	var d Dispute
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if d, err = s.Store.Dispute(ctx, id); err != nil {
			return err
		}
		found, err := s.Debts.Statements(ctx, d.AccountID, []debt.ID{d.DebtID}, "")
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return ErrNoFavor
		}
		step, err := Favor(d, found[0], by)
		if err != nil {
			return err
		}
		return s.end(ctx, &d, step)
	})
	return d, err
}

// Withdraw ends a dispute by the own written act of the consumer, or of who
// speaks for them, and with it the hold. What was held does not go on by itself:
// a plan waits for the consumer's word (DIS-03). Taken back already, nothing
// happens; ErrStays where a person has to be talked to.
func (s *Service) Withdraw(ctx context.Context, account debt.AccountID, reference string) (Dispute, error) {
	var d Dispute
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		found, err := s.ByReference(ctx, account, reference)
		if err != nil {
			return err
		}
		if d, err = s.Store.Dispute(ctx, found.ID); err != nil {
			return err
		}
		if last, ended := d.Last(); ended && last.Outcome == Withdrawn {
			return nil
		}
		role := represent.Who(ctx).Role
		if err := s.mayEnd(ctx, d, role); err != nil {
			return err
		}
		step, err := Withdraw(d, cmp.Or(string(role), "consumer"))
		if err != nil {
			return err
		}
		return s.end(ctx, &d, step)
	})
	return d, err
}

// mayEnd refuses with ErrStays where the dispute was sent by somebody else, or
// where the debt can be neither seen nor disputed by who is here: a status that
// came later protects people from acts in their name (STS-01, STS-02, STS-05).
func (s *Service) mayEnd(ctx context.Context, d Dispute, role represent.Role) error {
	if role != d.By {
		return ErrStays
	}
	st, person, err := s.subject(ctx, d.AccountID, d.DebtID, d.Kind)
	if errors.Is(err, ErrNotOpen) {
		return ErrStays
	}
	if err != nil {
		return err
	}
	seen, err := s.Gate.Ask(ctx, gate.View, person, []debt.Debt{st.Debt}, gate.Facts{ByConsumer: true})
	if err == nil && !seen[0].Allowed {
		err = ErrStays
	}
	return err
}

func (s *Service) end(ctx context.Context, d *Dispute, step Step) error {
	step.At = s.now()
	if err := s.Store.AddStep(ctx, d.ID, step); err != nil {
		return err
	}
	d.Steps = append(d.Steps, step)
	if d.Kind.Holds() {
		if _, err := s.Holds.Release(ctx, string(d.ID)); err != nil {
			return err
		}
	}
	return s.tell(ctx, Change{Dispute: *d, News: Ended})
}

// Of lists an account's disputes, newest first.
func (s *Service) Of(ctx context.Context, account debt.AccountID) ([]Dispute, error) {
	return s.Store.DisputesOf(ctx, account)
}

// ByReference finds one of an account's disputes with what was written;
// ErrNotFound, also for another's.
func (s *Service) ByReference(ctx context.Context, account debt.AccountID, reference string) (Dispute, error) {
	all, err := s.Store.DisputesOf(ctx, account)
	if err != nil {
		return Dispute{}, err
	}
	i := slices.IndexFunc(all, func(d Dispute) bool { return d.Reference == reference })
	if i < 0 {
		return Dispute{}, ErrNotFound
	}
	return s.opened(all[i])
}

// Dispute loads one with what was written, for those who answer it.
func (s *Service) Dispute(ctx context.Context, id ID) (Dispute, error) {
	d, err := s.Store.Dispute(ctx, id)
	if err != nil {
		return d, err
	}
	return s.opened(d)
}

// List is the queue of those who answer.
func (s *Service) List(ctx context.Context, of debt.Creditors, q Query) ([]Dispute, error) {
	return s.Queue.Disputes(ctx, of, q)
}

func (s *Service) opened(d Dispute) (Dispute, error) {
	if len(d.Sealed) == 0 {
		return d, nil // what was written is past its time and erased
	}
	plain, err := s.Sealer.Open(d.Sealed, storyRow(d.ID))
	if err != nil {
		return d, fmt.Errorf("open the story of %s: %w", d.ID, err)
	}
	return d, json.Unmarshal(plain, &d.Story)
}

// Job does what has to be done in the background: files are scanned, drafts of
// long ago are forgotten. It says how many files it looked into.
func (s *Service) Job(ctx context.Context) (int, error) {
	n, err := s.scan(ctx)
	return n, errors.Join(err, s.Drafts.TidyDisputeDrafts(ctx, s.now().Add(-draftLife)))
}

// AnswerBy is the day by which a dispute of a debt would be answered if it were
// sent now.
func (s *Service) AnswerBy(person debt.Account, of debt.Debt) civil.Date {
	return s.deadline(OfDebt, person, of, gate.Day(s.now(), person.Consumer.Address.State))
}
