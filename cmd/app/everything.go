package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/chain"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/evidence"
	"quittance/portal/notice"
	"quittance/portal/store"
	"quittance/portal/talk"
	"quittance/portal/validation"
	"quittance/portal/web/consumer"
)

// dossier is everything that is kept of one account, while it is collected.
type dossier struct {
	*Portal
	account debt.Account
	id      string
	// own is true of the consumer's copy: what staff did and looked at, and what a
	// rule kept them from, is not in it.
	own    bool
	hidden map[debt.ID]bool // debts that may not be shown now
	files  []evidence.File
}

// parts are what a dossier is made of, in the order in which they are read.
var parts = []func(*dossier, context.Context) error{
	(*dossier).debts, (*dossier).money, (*dossier).agreements, (*dossier).notices, (*dossier).messages, (*dossier).claims,
	(*dossier).disputes, (*dossier).wishes, (*dossier).rows, (*dossier).log, (*dossier).pages,
}

// everythingOf collects an account. The consumer's own copy leaves out the named
// debts, which the gate does not let them see.
func (p *Portal) everythingOf(ctx context.Context, a debt.Account, own bool, hidden map[debt.ID]bool) ([]evidence.File, error) {
	d := &dossier{Portal: p, account: a, id: string(a.ID), own: own, hidden: hidden}
	err := d.put("account.json", a)
	for _, part := range parts {
		if err == nil {
			err = part(d, ctx)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("collect the account: %w", err)
	}
	return d.files, nil
}

// Export is everything of an account as one signed file.
func (p *Portal) Export(ctx context.Context, a debt.Account, own bool, hidden map[debt.ID]bool) ([]byte, int, error) {
	if _, err := p.Link(ctx); err != nil {
		return nil, 0, err
	}
	files, err := p.everythingOf(ctx, a, own, hidden)
	if err != nil {
		return nil, 0, err
	}
	ends := map[chain.Name]chain.Head{}
	var first, second error
	ends[chain.Audit], first = p.Store.AuditHead(ctx)
	ends[chain.Evidence], second = p.Store.EvidenceHead(ctx)
	if err := errors.Join(first, second); err != nil {
		return nil, 0, err
	}
	var b bytes.Buffer
	m := evidence.Manifest{AccountRef: a.Ref, MadeAt: p.in.Now(), Chains: evidence.Heads(ends)}
	err = evidence.Export(&b, m, evidence.Signer(p.Store.Key("export")), files)
	return b.Bytes(), len(files), err
}

// archives make the consumer's own copy, and count how often one was taken.
type archives struct{ *Portal }

var _ consumer.Archives = archives{}

// Archive implements consumer.Archives. That it was taken is written down.
func (a archives) Archive(ctx context.Context, id debt.AccountID, hidden map[debt.ID]bool) ([]byte, error) {
	account, err := a.Store.Account(ctx, id)
	if err != nil {
		return nil, err
	}
	content, _, err := a.Export(ctx, account, true, hidden)
	if err == nil {
		err = a.Audit.Note(ctx, archiveTaken, string(id), "")
	}
	return content, err
}

const archiveTaken = "records.taken"

// Taken implements consumer.Archives.
func (a archives) Taken(ctx context.Context, id debt.AccountID, since time.Time) (int, error) {
	return a.Store.AuditCount(ctx, string(id), archiveTaken, since)
}

// Held implements consumer.Archives.
func (a archives) Held(ctx context.Context, id debt.AccountID) (consumer.Held, error) {
	var h consumer.Held
	account, _, err := a.Store.LockFacts(ctx, string(id))
	h.Facts = account.Facts
	h.Facts.StateYears = a.keptYears(h.Facts.State)
	for _, read := range []func() error{
		func() (err error) { h.Notices, err = a.Validation.Of(ctx, id); return err },
		func() (err error) { h.Plans, err = a.Store.PlansOfAccount(ctx, string(id)); return err },
		func() (err error) { h.Disputes, err = a.Disputes.Of(ctx, id); return err },
		func() (err error) { h.Consents, err = a.Store.ConsentsOf(ctx, id); return err },
		func() (err error) { h.Wishes, err = a.Store.WishesOf(ctx, id); return err },
		func() (err error) { h.Sights, err = a.Store.SightsOf(ctx, string(id)); return err },
		func() error { return a.sent(ctx, id, &h) },
	} {
		err = errors.Join(err, read())
	}
	for _, plan := range h.Plans {
		signed, failed := a.Store.Agreements(ctx, plan.ID)
		h.Signed, err = append(h.Signed, signed...), errors.Join(err, failed)
	}
	slices.Reverse(h.Sights)
	slices.Reverse(h.Notices)
	return h, err
}

// sent lists the messages that went out, the newest first, in the words that
// are kept of them.
func (a archives) sent(ctx context.Context, id debt.AccountID, h *consumer.Held) error {
	all, err := a.Store.MessagesTo(ctx, id)
	for _, o := range slices.Backward(all) {
		if o.Status != notice.Sent {
			continue
		}
		m, failed := notice.Open(a.Box, o)
		err = errors.Join(err, unlessGone(failed, notice.ErrGone))
		m.Kind, m.Channel, m.DebtID = o.Kind, o.Channel, o.DebtID
		h.Sent, h.SentAt = append(h.Sent, m.Copy()), append(h.SentAt, o.SentAt)
	}
	return err
}

// Seen implements consumer.Archives.
func (a archives) Seen(ctx context.Context, id debt.AccountID, number int64) (evidence.Stored, []byte, error) {
	s, err := a.Store.Sight(ctx, string(id), number)
	if err != nil {
		return s, nil, err
	}
	content, err := a.Store.Page(ctx, string(id), s.PageHash)
	return s, content, err
}

func (d *dossier) put(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if string(text) == "null" {
		text = []byte("[]") // a list with nothing in it
	}
	d.files = append(d.files, evidence.File{Name: name, Content: text})
	return err
}

func (d *dossier) debts(ctx context.Context) error {
	all, err := d.Store.AccountStatements(ctx, d.account.ID)
	if err != nil {
		return err
	}
	return d.put("debts.json", slices.DeleteFunc(all, func(s debt.Statement) bool { return d.hidden[s.Debt.ID] }))
}

// mostPayments bounds the payments of one export.
const mostPayments = 10_000

// receiptFile is the receipt of one payment that took money.
type receiptFile struct {
	Reference     string
	Status        payments.Status
	Amount        money.Cents
	Refunded      money.Cents
	SubmittedAt   time.Time
	ConfirmedAt   time.Time
	Method, Last4 string
	Payer         string
	Allocations   []payments.Allocation
}

func (d *dossier) money(ctx context.Context) error {
	paid, err := d.Store.PaymentsOfAccount(ctx, d.id, mostPayments)
	if err != nil {
		return err
	}
	paid = slices.DeleteFunc(paid, func(p payments.Payment) bool {
		return slices.ContainsFunc(p.Allocations, func(a payments.Allocation) bool { return d.hidden[debt.ID(a.DebtID)] })
	})
	err = d.put("payments.json", paid)
	c := d.account.Consumer
	for _, p := range paid {
		if p.Status.Taken() || p.Status == payments.Processing {
			err = errors.Join(err, d.put("receipts/"+p.Reference+".json", receiptFile{p.Reference, p.Status, p.Amount, p.Refunded, p.SubmittedAt,
				p.ConfirmedAt, string(p.Method), p.Details.Last4, c.FirstName + " " + c.LastName, p.Allocations}))
		}
	}
	return err
}

func (d *dossier) agreements(ctx context.Context) error {
	all, err := d.Store.PlansOfAccount(ctx, d.id)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p plans.Plan) bool { return d.hidden[debt.ID(p.Debt.ID)] })
	err = d.put("plans.json", all)
	for _, p := range all {
		signed, failed := d.Store.Agreements(ctx, p.ID)
		err = errors.Join(err, failed, d.put("agreements/"+string(p.ID)+".json", signed))
	}
	budgets, failed := d.Store.StatementsOf(ctx, d.id)
	return errors.Join(err, failed, d.put("budgets.json", budgets))
}

// notices are the validation notices, each byte for byte as it was issued.
func (d *dossier) notices(ctx context.Context) error {
	all, err := d.Validation.Of(ctx, d.account.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(n validation.Notice) bool { return d.hidden[n.DebtID] })
	err = d.put("notices.json", all)
	for _, n := range all {
		body, failed := d.Validation.Bytes(ctx, n)
		if failed == nil {
			d.files = append(d.files, evidence.File{Name: "notices/" + string(n.ID) + ".json", Content: body})
		}
		err = errors.Join(err, unlessGone(failed, validation.ErrNotFound))
	}
	return err
}

// unlessGone is an error that is not only that something was erased.
func unlessGone(err, gone error) error {
	if errors.Is(err, gone) {
		return nil
	}
	return err
}

// sentMessage is a message that went out, and its words as they are kept.
type sentMessage struct {
	ID, Channel, Kind, Language, Status, Problem string
	DebtID                                       debt.ID
	CreatedAt, SentAt                            time.Time
	To, Subject, Plain, HTML                     string
}

func (d *dossier) messages(ctx context.Context) error {
	sent, err := d.Store.MessagesTo(ctx, d.account.ID)
	all := []sentMessage{}
	for _, o := range sent {
		if d.hidden[o.DebtID] {
			continue
		}
		m, failed := notice.Open(d.Box, o)
		err = errors.Join(err, unlessGone(failed, notice.ErrGone))
		m = m.Copy()
		if d.own && o.Kind == notice.KindStepUpFor {
			m.To = "" // a representative's own
		}
		all = append(all, sentMessage{o.ID, string(o.Channel), string(o.Kind), o.Language, string(o.Status), o.Problem, o.DebtID,
			o.CreatedAt, o.SentAt, m.To, m.Subject, m.Plain, m.HTML})
	}
	thread, failed := d.Thread.All(ctx, d.account.ID)
	for i := range thread {
		thread[i].Sealed = nil
		if d.own && thread[i].By != talk.Consumer {
			thread[i].By = "collector"
		}
	}
	return errors.Join(err, failed, d.put("messages.json", all), d.put("thread.json", thread))
}

// claimFile is a claim with what was said and the names of its papers.
type claimFile struct {
	claim.Claim
	Said  claim.Details
	Files []dispute.File
}

func (d *dossier) claims(ctx context.Context) error {
	all, err := d.Store.ClaimsOfAccount(ctx, d.account.ID)
	files := []claimFile{}
	for _, c := range all {
		said, first := d.Claims.Said(ctx, c.ID)
		papers, second := d.Disputes.ClaimPapers(ctx, c.ID)
		err = errors.Join(err, first, second, d.papers(ctx, papers))
		files = append(files, claimFile{c, said, papers})
	}
	return errors.Join(err, d.put("claims.json", files))
}

// disputeFile is a dispute with what was written and the names of its papers.
type disputeFile struct {
	dispute.Dispute
	Files []dispute.File
}

func (d *dossier) disputes(ctx context.Context) error {
	all, err := d.Disputes.Of(ctx, d.account.ID)
	files := []disputeFile{}
	for _, one := range all {
		if d.hidden[one.DebtID] {
			continue
		}
		whole, first := d.Disputes.Dispute(ctx, one.ID)
		papers, second := d.Disputes.Evidence(ctx, "", one.ID)
		err = errors.Join(err, first, unlessGone(second, dispute.ErrNotFound), d.papers(ctx, papers))
		whole.Sealed = nil
		files = append(files, disputeFile{whole, papers})
	}
	return errors.Join(err, d.put("disputes.json", files))
}

// papers adds the files of a dispute or of a claim.
func (d *dossier) papers(ctx context.Context, all []dispute.File) error {
	var err error
	for i := range all {
		err = errors.Join(err, d.paper(ctx, all[i]))
		all[i].Sealed = nil
	}
	return err
}

// paper adds one file, if it may be handed out.
func (d *dossier) paper(ctx context.Context, f dispute.File) error {
	_, content, err := d.Disputes.ReadOwn(ctx, d.account.ID, f.ID)
	if err == nil {
		d.files = append(d.files, evidence.File{Name: "evidence/" + string(f.ID) + path.Ext(f.Name), Content: content})
	}
	return unlessGone(err, dispute.ErrNotFound)
}

// wishFile is what a person asked of us, in their own words too.
type wishFile struct {
	contact.Wish
	Words string
}

func (d *dossier) wishes(ctx context.Context) error {
	all, err := d.Store.WishesOf(ctx, d.account.ID)
	files := []wishFile{}
	for _, w := range all {
		var words []byte
		if len(w.OwnWords) > 0 {
			plain, failed := d.Box.Open(w.OwnWords, contact.WordsRow(d.account.ID))
			words, err = plain, errors.Join(err, failed)
		}
		w.OwnWords = nil
		files = append(files, wishFile{w, string(words)})
	}
	return errors.Join(err, d.put("wishes.json", files))
}

// inside are rows that the consumer's own copy does not have.
var inside = []string{"refusals", "events", "links"}

func (d *dossier) rows(ctx context.Context) error {
	all, err := d.Store.RowsOf(ctx, d.id)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if d.own && slices.Contains(inside, name) {
			continue
		}
		err = errors.Join(err, d.put(name+".json", slices.DeleteFunc(all[name], func(r store.Row) bool {
			id, ok := r["debt_id"].(string)
			return ok && d.hidden[debt.ID(id)]
		})))
	}
	return err
}

// log is the audit log of the account, not in the consumer's own copy.
func (d *dossier) log(ctx context.Context) error {
	if d.own {
		return nil
	}
	rows, err := d.Store.AuditOf(ctx, d.id)
	return errors.Join(err, d.put("audit.json", rows))
}

// pages are the pages that were seen, each once, and the rows that say when.
func (d *dossier) pages(ctx context.Context) error {
	if len(d.hidden) > 0 {
		return nil // an old page may show what may not be shown now
	}
	sights, err := d.Store.SightsOf(ctx, d.id)
	if err != nil {
		return err
	}
	err = d.put("seen.json", sights)
	for _, s := range sights {
		page, failed := d.Store.Page(ctx, d.id, s.PageHash)
		if failed == nil {
			d.files = append(d.files, evidence.File{Name: fmt.Sprintf("pages/%x.html", s.PageHash), Content: page})
		}
		err = errors.Join(err, unlessGone(failed, evidence.ErrErased))
	}
	return err
}
