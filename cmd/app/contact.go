package app

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
func (p *Portal) wireContact() {
	*p.Contacts = contact.Book{
		Tx: p.Store, Store: p.Store, Wishes: p.Store, Stops: p.Store, Tally: p.Store, Refusals: p.Store,
		Limits: limits{p.caps(), p.places, p.in.Now}, Place: limits{law: p.places, now: p.in.Now}, Key: p.Store.Key("address"), On: p.channels(), Now: p.in.Now,
		Watchers: p.follows.contacts,
	}
	p.Queue = &notice.Queue{Store: p.Store, Sealer: p.Box, Ways: p.Contacts, PublicURL: p.Config.PublicURL, Now: p.in.Now, Law: p.messageWords}
	p.Reports = &notice.Reports{Tx: p.Store, Records: p.Store, Watchers: p.follows.messages}
}

// messageWords are what the law of where a person lives wants in each message
// about their debts, in the language of the message (STA-02, DSC-03).
func (p *Portal) messageWords(ctx context.Context, m notice.Message) ([]string, error) {
	account, err := p.Store.Account(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	all, err := p.Store.AccountStatements(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	home := account.Consumer.Address
	var words []string
	for _, s := range all {
		if m.DebtID != "" && m.DebtID != s.Debt.ID {
			continue
		}
		law := p.places.Resolve(pack.Facts{State: home.State, PostalCode: home.PostalCode, DebtType: string(s.Debt.Type), Day: gate.Day(p.in.Now(), home.State)})
		for _, w := range law.Message {
			if text := w.In(m.Language); !slices.Contains(words, text) {
				words = append(words, text)
			}
		}
	}
	return words, nil
}

// caps are the agency's own, which hold in every state (COM-11).
func (p *Portal) caps() contact.Caps {
	day, week := p.Config.MessagesADay, p.Config.MessagesAWeek
	return contact.Caps{Day: day, Week: week, DebtDay: day, DebtWeek: week}
}

// wireTalk builds what goes to and fro beside the messages: it needs the holds.
func (p *Portal) wireTalk() error {
	told := tellers{p.recorder}
	p.Herald = &talk.Herald{Tx: p.Store, Store: p.Store, Teller: told, Now: p.in.Now}
	p.Thread = &talk.Thread{
		Tx: p.Store, Notes: p.Store, Sealer: p.Box, Book: p.Contacts, People: p.Store, May: p.keeper, Queue: p.Queue, Words: p.Letters(),
		Teller: p.Herald, Now: p.in.Now,
	}
	p.inbound = &talk.Inbound{
		Tx: p.Store, Texts: p.Store, Book: p.Contacts, People: p.Store, Queue: p.Queue, Words: p.Letters(), Thread: p.Thread,
		Now: p.in.Now, Log: p.in.Log,
	}
	p.ceasing = &talk.Ceasing{Tx: p.Store, Holds: p.holds, Accounts: p.Store, Book: p.Contacts, People: reachable{p}, Teller: told}
	*p.Changing = talk.Changing{
		Tx: p.Store, Store: p.Store, People: p.Store, Sealer: p.Box, Key: p.Config.Key("change"), Book: p.Contacts, May: p.keeper, Thread: p.Thread,
		Queue: p.Queue, Words: p.Letters(), Teller: told, Now: p.in.Now,
	}
	return nil
}

// reach is what the consumer's pages about contact need.
func (p *Portal) reach() consumer.Reach {
	return consumer.Reach{Book: p.Contacts, Thread: p.Thread, Ceasing: p.ceasing, Changing: p.Changing, Sealer: p.Box, Language: p.Store, Lettered: p.Store}
}

// textRoutes take what the carrier tells, where one is configured.
func (p *Portal) textRoutes() []web.Route {
	if p.Config.Twilio.AuthToken == "" {
		return nil
	}
	hook := &hooks.Twilio{
		Parser: sms.NewHook(string(p.Config.Twilio.AuthToken), p.reportsURL()), Texts: p.inbound, Losses: p.Reports, Log: p.in.Log,
	}
	return hook.Routes()
}

func (p *Portal) reportsURL() string { return p.Config.PublicURL + "/hooks/twilio" }

// textReports is where the carrier says what became of a text; it can reach us
// over TLS only.
func (p *Portal) textReports() string {
	if !p.Config.SecureTransport {
		return ""
	}
	return p.reportsURL()
}

// reachable says how a person is reached.
type reachable struct{ *Portal }

// Reach implements talk.People.
func (r reachable) Reach(ctx context.Context, id debt.AccountID) (contact.Person, error) {
	person, err := r.Store.Person(ctx, id)
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
