package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// look is one account as a collector sees it during a call.
type look struct {
	account    debt.Account
	statements []debt.Statement
	payments   []payments.Payment
	links      []identity.Link // newest first
	person     gate.Person
	law        gate.Law
	day        civil.Date
	now        time.Time
	zone       *time.Location
}

// account is who, what is owed, what happened today, and the link on its way.
func (p *Pages) account(r *web.Request, who identity.Staff) error {
	ctx, since, again := p.looking(r, debt.AccountID(r.Param("id")))
	l, err := p.load(ctx, debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	if !again { // the log has the look itself
		p.Log.Info("console", "staff", who.ID, "did", "look", "account", l.account.ID, "reference", r.Reference())
	}
	page, err := p.accountPage(r, who, l)
	if err != nil {
		return err
	}
	page.Again = p.lookAgain(r, l.account.ID, since)
	return r.Page(http.StatusOK, page)
}

// sendLink sends a link, unless a rule stands against it.
func (p *Pages) sendLink(r *web.Request, who identity.Staff) error {
	l, err := p.load(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return err
	}
	request := identity.LinkRequest{
		AccountID: l.account.ID, Channel: contact.Channel(r.Form().Text("channel")), By: "staff:" + string(who.ID),
	}
	if r.Form().Text("consent") == "yes" {
		request.Consent = &contact.Consent{Basis: contact.DirectConsent, TextVersion: "console.consent/1"}
	}
	_, err = p.Links.Send(r.Context(), request)
	var refusal identity.Refusal
	if errors.As(err, &refusal) {
		page, err := p.accountPage(r, who, l)
		if err != nil {
			return err
		}
		page.Problem = closed(page.Base, refusal.Reason, refusal.Rule)
		p.refused(r, who, string(l.account.ID), refusal.Reason, refusal.Rule)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	p.record(r, who, "send link", string(l.account.ID))
	return r.SeeOther(paths.ConsoleAccount(string(l.account.ID)))
}

func (p *Pages) load(ctx context.Context, id debt.AccountID) (look, error) {
	l := look{now: p.Now(), zone: p.Zone}
	var err error
	if l.account, err = p.Accounts.Account(ctx, id); err != nil {
		return l, err
	}
	if l.statements, err = p.Accounts.AccountStatements(ctx, id); err != nil {
		return l, err
	}
	if l.payments, err = p.Accounts.PaymentsOfAccount(ctx, string(id), 20); err != nil {
		return l, err
	}
	l.links, err = p.Links.Store.LinksOf(ctx, id)
	l.law = p.Law
	l.day = gate.Day(l.now, l.account.Consumer.Address.State)
	l.person = gate.Person{Born: l.account.Consumer.DateOfBirth}
	for _, s := range l.statements {
		l.person.Debts = append(l.person.Debts, s.Debt)
	}
	return l, err
}

func (p *Pages) accountPage(r *web.Request, who identity.Staff, l look) (console.Account, error) {
	page := console.Account{
		Base: base(r, who), AccountID: string(l.account.ID), AccountRef: l.account.Ref, Name: name(l.account),
		Language: languages[cmp.Or(l.account.Consumer.Language, "en")], LocalTime: l.localTime(),
		Flags: l.flags(), Debts: l.debts(), Story: l.story(), Sent: p.sent(l), Open: l.stoppable(),
		Again: p.lookAgain(r, l.account.ID, l.now), MayCall: who.HasAny(callers),
	}
	h, held, err := p.Holds.Of(r.Context(), string(l.account.ID))
	if err != nil {
		return page, err
	}
	if held {
		page.LegalHold = &console.LegalHold{Since: h.At.In(p.Zone), By: h.By, Reason: h.Reason}
	}
	page.Channels, err = p.channels(r.Context(), page.Base, l)
	return page, err
}

// languages are named in their own words, as on the language switch.
var languages = map[string]string{"en": "English", "es": "Español"}

// localTime is the time of day where the consumer may be; of several zones the
// one whose hours are least open.
func (l look) localTime() time.Time {
	zones := contact.Zones(l.account.Consumer.Phone, l.account.Consumer.Address.State, l.account.Consumer.Address.PostalCode)
	local := l.now.In(zones[0])
	for _, z := range zones {
		if t := l.now.In(z); t.Hour() < contact.EarliestHour || t.Hour() >= contact.LatestHour {
			local = t
		}
	}
	return local
}

// flags are the special statuses, with the rule behind each.
func (l look) flags() []console.Flag {
	var flags []console.Flag
	for _, s := range l.statements {
		if decision, _ := l.place(s.Debt).Decide(gate.View, gate.Facts{ByConsumer: true}); slices.Contains(decision.RuleIDs, "STA-05") {
			return []console.Flag{{Words: inWords(string(decision.Reason), decision.RuleIDs...), Care: true}}
		}
		status := l.person.Status(s.Debt, l.day)
		if status == debt.Active || status == debt.Paid {
			continue
		}
		decision, _ := l.place(s.Debt).Decide(gate.Pay, gate.Facts{})
		flag := console.Flag{Words: inWords(string(status), decision.RuleIDs...), Care: true}
		if !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	return flags
}

// inWords writes a reason as people read it, with its rules: "quiet hours
// (COM-01)".
func inWords(reason string, rules ...string) string {
	return strings.ReplaceAll(reason, "_", " ") + " (" + strings.Join(rules, ", ") + ")"
}

func (l look) debts() []console.Debt {
	var debts []console.Debt
	for _, s := range l.statements {
		debts = append(debts, console.Debt{
			DebtRef: s.Debt.Ref, Creditor: s.Debt.CreditorName, What: s.Debt.Description, Amount: max(0, s.Owed),
			Pending: s.Pending - s.Waiting, Held: s.Held, Credit: s.Credit, Status: l.standing(s), AsOf: civil.Of(s.Debt.Snapshot.AsOf.UTC()),
		})
	}
	return debts
}

// place is how a debt stands where the consumer lives.
func (l look) place(d debt.Debt) gate.Standing {
	standing, _ := l.person.Standing(d, l.day).In(l.law, l.account.Consumer.Address, d, l.day)
	return standing
}

func (l look) mayPay(d debt.Debt) bool {
	decision, _ := l.place(d).Decide(gate.Pay, gate.Facts{ByConsumer: true})
	return decision.Allowed
}

func (l look) standing(s debt.Statement) consumer.DebtStatus {
	status := l.person.Status(s.Debt, l.day)
	switch {
	case status == debt.Recalled:
		return consumer.DebtClosed
	case status == debt.Disputed:
		return consumer.DebtDisputed // also of a part: whoever is on the phone has to know
	case status == debt.Paid || s.Owed <= 0:
		return consumer.DebtPaid
	case !l.mayPay(s.Debt):
		return consumer.DebtHold
	case s.Free() == 0:
		return consumer.DebtPending
	case status == debt.TimeBarred:
		return consumer.DebtTimeBarred
	}
	return consumer.DebtOpen
}
