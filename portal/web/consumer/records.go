package consumer

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"quittance/frontend/layouts"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/evidence"
	"quittance/portal/notice"
	"quittance/portal/retention"
	"quittance/portal/validation"
	"quittance/portal/web"
)

// Archives makes the one file with everything of an account.
type Archives interface {
	// Archive makes the consumer's own copy, without the named debts, and writes
	// down that it was taken.
	Archive(ctx context.Context, id debt.AccountID, hidden map[debt.ID]bool) ([]byte, error)
	// Taken counts how often it was taken since a time.
	Taken(ctx context.Context, id debt.AccountID, since time.Time) (int, error)
	// Held lists what is kept of the account.
	Held(ctx context.Context, id debt.AccountID) (Held, error)
	// Seen loads a page as it was seen; evidence.ErrErased, with an empty page
	// where only the bytes are gone.
	Seen(ctx context.Context, id debt.AccountID, number int64) (evidence.Stored, []byte, error)
}

// Held is what is kept of an account, each list the newest first.
type Held struct {
	Facts    retention.Facts
	Notices  []validation.Notice
	Signed   []plans.Agreement
	Plans    []plans.Plan
	Disputes []dispute.Dispute
	Sent     []notice.Message
	SentAt   []time.Time // of each message in Sent
	Consents []contact.Consent
	Wishes   []contact.Wish
	Sights   []evidence.Stored
}

const (
	// mostRecords is how much of each kind the page lists.
	mostRecords = 30
	// mostCopies is how often the file may be taken in a day: making it is work.
	mostCopies = 3
	copiesOver = 24 * time.Hour
)

func (p *Pages) recordsRoutes() []web.Route {
	if p.Archives == nil {
		return nil
	}
	return []web.Route{
		{Method: http.MethodGet, Pattern: paths.Records, Access: web.Consumer, Page: "Records", Handler: p.records},
		{Method: http.MethodPost, Pattern: paths.RecordsCopy, Access: web.Consumer, Page: "Records", Handler: p.postRecordsCopy, CSRF: true, Body: web.FormBody,
			Deadline: web.PayDeadline, Large: true},
		{Method: http.MethodGet, Pattern: paths.Records + "/seen/:number", Access: web.Consumer, Page: "RecordsSeen", Handler: p.recordsSeen},
	}
}

// records is what is kept, why, until when, and where to see each of it.
func (p *Pages) records(r *web.Request) error {
	page, err := p.recordsPage(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// postRecordsCopy answers with all of it as one file.
func (p *Pages) postRecordsCopy(r *web.Request) error {
	taken, err := p.Archives.Taken(r.Context(), me(r), p.Now().Add(-copiesOver))
	if err != nil {
		return err
	}
	v, err := p.recordsView(r)
	if err != nil {
		return err
	}
	if taken >= mostCopies {
		page, err := p.recordsPage(r)
		if err != nil {
			return err
		}
		page.Wait = true
		return r.Page(http.StatusTooManyRequests, page)
	}
	content, err := p.Archives.Archive(r.Context(), me(r), v.hidden())
	if err != nil {
		return err
	}
	r.SetHeader("Cache-Control", "no-store")
	return r.Download("records.zip", "application/zip", content)
}

// recordsSeen is a page as it was seen. While one of the debts may not be shown
// no old page is.
func (p *Pages) recordsSeen(r *web.Request) error {
	v, err := p.recordsView(r)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(r.Param("number"), 10, 64)
	if err != nil || len(v.hidden()) > 0 {
		return web.ErrNotFound
	}
	s, content, err := p.Archives.Seen(r.Context(), me(r), number)
	if errors.Is(err, evidence.ErrErased) && s.Number == 0 {
		return web.ErrNotFound
	}
	page := consumer.RecordsSeen{Base: r.Base(), At: s.At.In(p.Zone), Page: string(content), Erased: errors.Is(err, evidence.ErrErased)}
	page.What = consumer.PageWords(page.Base, s.Kind)
	if err != nil && !page.Erased {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// recordsView asks whether the account may be shown at all (GEN-01).
func (p *Pages) recordsView(r *web.Request) (view, error) {
	v, err := p.load(r)
	if err == nil && v.hold() != consumer.HoldNone {
		err = errHeld
	}
	return v, err
}

// hidden are the debts that may not be shown among others that may.
func (v view) hidden() map[debt.ID]bool {
	hidden, shown := map[debt.ID]bool{}, v.shown()
	for _, s := range v.statements {
		if !slices.ContainsFunc(shown, func(o debt.Statement) bool { return o.Debt.ID == s.Debt.ID }) {
			hidden[s.Debt.ID] = true
		}
	}
	return hidden
}

func (p *Pages) recordsPage(r *web.Request) (consumer.Records, error) {
	page := consumer.Records{Base: r.Base()}
	v, err := p.recordsView(r)
	if err != nil {
		return page, err
	}
	held, err := p.Archives.Held(r.Context(), me(r))
	if err != nil {
		return page, err
	}
	page.Case, page.Years = held.Facts.LegalHold, retention.Years(held.Facts)
	if until, may := retention.Until(held.Facts); may {
		page.Until = v.dayOf(until)
	}
	shelf := recordShelf{view: v, Held: held, words: page.Base, out: v.hidden()}
	for _, list := range shelf.lists() {
		if list.More = len(list.Records) > mostRecords; list.More {
			list.Records = list.Records[:mostRecords]
		}
		if len(list.Records) > 0 {
			page.Lists = append(page.Lists, list)
		}
	}
	return page, nil
}

// recordShelf sorts what is kept into lists; debts that may not be shown are in
// none of them.
type recordShelf struct {
	view
	Held
	words layouts.Base
	out   map[debt.ID]bool
}

func (s recordShelf) lists() []consumer.RecordList {
	return []consumer.RecordList{
		{Kind: consumer.RecordNotices, Records: s.notices()}, {Kind: consumer.RecordSigned, Records: s.signed()},
		{Kind: consumer.RecordReceipts, Records: s.receipts()}, {Kind: consumer.RecordLetters, Records: s.letters()},
		{Kind: consumer.RecordDisputes, Records: s.disputes()}, {Kind: consumer.RecordMessages, Records: s.messages()},
		{Kind: consumer.RecordConsents, Records: s.consents()}, {Kind: consumer.RecordSeen, Records: s.seen()},
	}
}

func (s recordShelf) notices() (all []consumer.Record) {
	for _, n := range s.Notices {
		if of, ok := s.statement(string(n.DebtID)); ok && !s.out[n.DebtID] {
			all = append(all, consumer.Record{On: s.dayOf(n.At), What: of.Debt.CreditorName, Path: paths.DebtNotice(string(n.DebtID))})
		}
	}
	return all
}

func (s recordShelf) signed() (all []consumer.Record) {
	for _, a := range s.Signed {
		i := slices.IndexFunc(s.Plans, func(p plans.Plan) bool { return p.ID == a.PlanID })
		if i >= 0 && !s.out[debt.ID(s.Plans[i].Debt.ID)] {
			all = append(all, consumer.Record{On: s.dayOf(a.AgreedAt), What: s.Plans[i].Reference, Path: paths.PlanPaper(string(a.PlanID), a.Version)})
		}
	}
	return all
}

func (s recordShelf) receipts() (all []consumer.Record) {
	for _, p := range s.payments {
		if p.Status.Taken() && !slices.ContainsFunc(debtsOf(p), func(id string) bool { return s.out[debt.ID(id)] }) {
			all = append(all, consumer.Record{On: s.dayOf(cmp.Or(p.SubmittedAt, p.CreatedAt)), What: p.Reference + ", " + p.Amount.String(), Path: paths.Receipt(p.Reference)})
		}
	}
	return all
}

func (s recordShelf) letters() (all []consumer.Record) {
	for _, p := range s.Plans {
		if lettered(p) && !s.out[debt.ID(p.Debt.ID)] {
			all = append(all, consumer.Record{On: s.dayOf(p.EndedAt), What: p.Reference, Path: paths.PlanLetter(string(p.ID))})
		}
	}
	return all
}

func (s recordShelf) disputes() (all []consumer.Record) {
	for _, d := range s.Disputes {
		if !s.out[d.DebtID] {
			all = append(all, consumer.Record{On: s.dayOf(d.OpenedAt), What: d.Reference, Path: paths.Sent(d.Reference)})
		}
	}
	return all
}

func (s recordShelf) messages() (all []consumer.Record) {
	for i, m := range s.Sent {
		if !s.out[m.DebtID] {
			all = append(all, consumer.Record{On: s.dayOf(s.SentAt[i]), What: consumer.MessageWords(s.words, string(m.Kind), string(m.Channel)), Text: m.Plain})
		}
	}
	return all
}

func (s recordShelf) consents() (all []consumer.Record) {
	for _, c := range s.Consents {
		said := string(c.Channel)
		if c.Basis == contact.Withdrawn {
			said = string(contact.Withdrawn)
		}
		all = append(all, consumer.Record{On: s.dayOf(c.At), What: consumer.SaidWords(s.words, said)})
	}
	for _, w := range s.Wishes {
		all = append(all, consumer.Record{On: s.dayOf(w.At), What: consumer.SaidWords(s.words, "wish")})
	}
	slices.SortStableFunc(all, func(a, b consumer.Record) int { return cmp.Compare(b.On.String(), a.On.String()) })
	return all
}

func (s recordShelf) seen() (all []consumer.Record) {
	if len(s.out) > 0 {
		return nil
	}
	for _, one := range s.Sights {
		all = append(all, consumer.Record{On: s.dayOf(one.At), What: consumer.PageWords(s.words, one.Kind), Path: paths.RecordsSeen(one.Number)})
	}
	return all
}
