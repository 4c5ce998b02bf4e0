package main

import (
	"context"
	"slices"

	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/notice"
	"quittance/portal/notice/sms"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/talk"
	"quittance/portal/web"
	"quittance/portal/web/consumer"
	"quittance/portal/web/hooks"
)

// wireContact builds what knows whom the agency may write to, and the queue
// that every message goes through.
func (p *portal) wireContact() {
	*p.contacts = contact.Book{
		Tx: p.store, Store: p.store, Wishes: p.store, Stops: p.store, Tally: p.store, Refusals: p.store,
		Limits: limits{p.caps(), p.places, p.in.now}, Place: limits{law: p.places, now: p.in.now}, Key: p.store.Key("address"), On: p.channels(), Now: p.in.now,
		Watchers: p.follows.contacts,
	}
	p.queue = &notice.Queue{Store: p.store, Sealer: p.box, Ways: p.contacts, PublicURL: p.cfg.PublicURL, Now: p.in.now, Law: p.messageWords}
	p.reports = &notice.Reports{Tx: p.store, Records: p.store, Watchers: p.follows.messages}
}

// messageWords are what the law of where a person lives wants in each message
// about their debts, in the language of the message (STA-02, DSC-03).
func (p *portal) messageWords(ctx context.Context, m notice.Message) ([]string, error) {
	account, err := p.store.Account(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	all, err := p.store.AccountStatements(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	home := account.Consumer.Address
	var words []string
	for _, s := range all {
		if m.DebtID != "" && m.DebtID != s.Debt.ID {
			continue
		}
		law := p.places.Resolve(pack.Facts{State: home.State, PostalCode: home.PostalCode, DebtType: string(s.Debt.Type), Day: gate.Day(p.in.now(), home.State)})
		for _, w := range law.Message {
			if text := w.In(m.Language); !slices.Contains(words, text) {
				words = append(words, text)
			}
		}
	}
	return words, nil
}

// caps are the agency's own, which hold in every state (COM-11).
func (p *portal) caps() contact.Caps {
	day, week := p.cfg.MessagesADay, p.cfg.MessagesAWeek
	return contact.Caps{Day: day, Week: week, DebtDay: day, DebtWeek: week}
}

// wireTalk builds what goes to and fro beside the messages: it needs the holds.
func (p *portal) wireTalk() error {
	told := tellers{p.recorder}
	p.herald = &talk.Herald{Tx: p.store, Store: p.store, Teller: told, Now: p.in.now}
	p.thread = &talk.Thread{
		Tx: p.store, Notes: p.store, Sealer: p.box, Book: p.contacts, People: p.store, May: p.keeper, Queue: p.queue, Words: p.letters(),
		Teller: p.herald, Now: p.in.now,
	}
	p.inbound = &talk.Inbound{
		Tx: p.store, Texts: p.store, Book: p.contacts, People: p.store, Queue: p.queue, Words: p.letters(), Thread: p.thread,
		Now: p.in.now, Log: p.in.log,
	}
	p.ceasing = &talk.Ceasing{Tx: p.store, Holds: p.holds, Accounts: p.store, Book: p.contacts, People: reachable{p}, Teller: told}
	*p.changing = talk.Changing{
		Tx: p.store, Store: p.store, People: p.store, Sealer: p.box, Key: p.cfg.Key("change"), Book: p.contacts, May: p.keeper, Thread: p.thread,
		Queue: p.queue, Words: p.letters(), Teller: told, Now: p.in.now,
	}
	return nil
}

// reach is what the consumer's pages about contact need.
func (p *portal) reach() consumer.Reach {
	return consumer.Reach{Book: p.contacts, Thread: p.thread, Ceasing: p.ceasing, Changing: p.changing, Sealer: p.box, Language: p.store, Lettered: p.store}
}

// textRoutes take what the carrier tells, where one is configured.
func (p *portal) textRoutes() []web.Route {
	if p.cfg.Twilio.AuthToken == "" {
		return nil
	}
	hook := &hooks.Twilio{
		Parser: sms.NewHook(string(p.cfg.Twilio.AuthToken), p.reportsURL()), Texts: p.inbound, Losses: p.reports, Log: p.in.log,
	}
	return hook.Routes()
}

func (p *portal) reportsURL() string { return p.cfg.PublicURL + "/hooks/twilio" }

// textReports is where the carrier says what became of a text; it can reach us
// over TLS only.
func (p *portal) textReports() string {
	if !p.cfg.SecureTransport {
		return ""
	}
	return p.reportsURL()
}

// reachable says how a person is reached.
type reachable struct{ *portal }

// Reach implements talk.People.
func (r reachable) Reach(ctx context.Context, id debt.AccountID) (contact.Person, error) {
	person, err := r.store.Person(ctx, id)
	return person.Reach(), err
}

// tellers tell the system of record what consumers said.
type tellers struct{ recorder *outbox.Recorder }

// ConsumerWroteAll implements talk.BundleTeller.
func (t tellers) ConsumerWroteAll(ctx context.Context, notes []talk.Note) error {
	f := outbox.ReceivedFacts{ID: notes[0].ID, Via: string(notes[0].Via)}
	for _, n := range notes {
		f.IDs = append(f.IDs, n.ID)
	}
	return t.recorder.MessageReceived(ctx, string(notes[0].AccountID), f)
}

// CeaseAsked implements talk.CeaseTeller.
func (t tellers) CeaseAsked(ctx context.Context, id debt.AccountID, source string, debts []debt.Debt) error {
	refs := make([]string, 0, len(debts))
	for _, d := range debts {
		refs = append(refs, d.Ref)
	}
	return t.recorder.CeaseRequested(ctx, string(id), outbox.CeaseFacts{ID: source, Via: string(talk.ViaPortal), DebtRefs: refs})
}

// letterDays is how long a letter about the safety of an account may take to go
// out.
const letterDays = 3

// LetterToOld implements talk.ChangeTeller.
func (t tellers) LetterToOld(ctx context.Context, id debt.AccountID, was debt.Address) (string, error) {
	by := civil.Of(t.recorder.Now()).AddDays(letterDays).String()
	event, err := t.recorder.MailRequired(ctx, outbox.About{AccountID: string(id)}, outbox.NoticeFacts{
		Kind: outbox.ContactChangedNotice, Due: by, NoticeBy: by, MailTo: addressFacts(was),
	})
	return string(event), err
}

func addressFacts(a debt.Address) *outbox.AddressFacts {
	return &outbox.AddressFacts{Line1: a.Line1, Line2: a.Line2, City: a.City, State: a.State, PostalCode: a.PostalCode}
}

// ContactMoved implements talk.ChangeTeller.
func (t tellers) ContactMoved(ctx context.Context, id debt.AccountID, what talk.What, now talk.Contact, oldWasTold bool) error {
	f := outbox.ContactFacts{What: string(what), OldWasTold: oldWasTold}
	switch what {
	case talk.Address:
		f.Address = addressFacts(now.Address)
	case talk.Phone:
		f.Phone = now.Phone
	case talk.Email:
		f.Email = now.Email
	}
	return t.recorder.ContactUpdated(ctx, string(id), f)
}
