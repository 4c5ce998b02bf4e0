package plans

import (
	"strings"
	"time"

	"quittance/payments"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// agree makes the plan that a signed quote is. A plan whose method is still
// being verified awaits that; nothing of it is charged meanwhile (STR-11).
func agree(id ID, reference string, d Draft, s Subject, q Quote, setup payments.Setup, name string, c payments.Consent, now time.Time) (Change, error) {
	if strings.TrimSpace(name) == "" || c.Text == "" {
		return Change{}, ErrNoConsent
	}
	p := Plan{
		ID: id, Reference: reference, AccountID: d.AccountID, RequestKey: d.ID, Debt: s.Debt, Kind: q.Kind, Total: q.Total,
		Forgiven: q.Forgiven, Rule: q.Rule, Charging: d.Charging, Terms: q.Terms, Status: Active, Version: 1,
		CreatedAt: now, ActivatedAt: now, ChangedAt: now,
	}
	if p.Charging == Automatic {
		p.Saved, p.Details, p.SetupID = setup.Saved, setup.Details, setup.ID
		if setup.State != payments.SetupReady {
			p.Status, p.ActivatedAt = Awaiting, time.Time{}
		}
	}
	for i, l := range q.Lines {
		p.Installments = append(p.Installments, Installment{Number: i + 1, Due: l.Due, Amount: l.Amount, Status: Scheduled})
	}
	if err := p.arrange(env{today: s.Today, zones: s.Zones, signed: now}); err != nil {
		return Change{}, err
	}
	return Change{After: p, Moved: true, Why: Enrolled, News: []News{NewsCreated}, Agreement: signed(p, Enrolled, name, c, now)}, nil
}

// env is what decisions about dates need to know beside the plan.
type env struct {
	today  civil.Date // in the consumer's zone
	zones  []*time.Location
	signed time.Time // when the consumer signs the new dates; zero: nobody does
}

// signedOn is the day of the signature: the one that had come in every zone.
func (e env) signedOn() civil.Date {
	on := civil.Of(e.signed.In(e.zones[0]))
	for _, z := range e.zones[1:] {
		if day := civil.Of(e.signed.In(z)); day.Before(on) {
			on = day
		}
	}
	return on
}

// arrange sets for each installment still to come when it may be charged and
// which notice it needs (PDN-01, PDN-02, PDN-04). A notice that was given, or
// is on its way, stays.
func (p *Plan) arrange(e env) error {
	sortByDue(p.Installments)
	for n := range p.Installments {
		i := &p.Installments[n]
		if i.Status != Scheduled {
			continue
		}
		at := schedule.DueAt(i.Due, e.zones...)
		if p.Charging != Automatic {
			i.ChargeAt, i.Notice = at, Notice{}
			continue
		}
		if i.ChargeAt.Equal(at) && (i.Notice.State != NoticeNone || e.signed.IsZero()) {
			continue
		}
		notice, err := e.notice(i.Due)
		if err != nil {
			return err
		}
		i.ChargeAt, i.Notice = at, notice
	}
	return nil
}

// notice is the one that a charge on a day needs. A day that nobody signed for
// is always announced, at once where the usual day has passed.
func (e env) notice(due civil.Date) (Notice, error) {
	agreedOn := e.today
	if !e.signed.IsZero() {
		agreedOn = e.signedOn()
	}
	plan, err := schedule.NoticeFor(agreedOn, due)
	switch {
	case err != nil:
		return Notice{}, &Impossible{Problem: DateTooEarly, Field: "date", Date: schedule.EarliestWithNotice(agreedOn)}
	case plan.Kind == schedule.NoticeLater:
		return Notice{State: NoticeWaiting, On: plan.On}, nil
	case e.signed.IsZero():
		return Notice{State: NoticeWaiting, On: e.today}, nil
	case plan.Kind == schedule.NoticeAtCreation:
		// The schedule that is being signed is that notice: it names the day and
		// the amount, and the consumer keeps a copy.
		return Notice{State: NoticeGiven, On: agreedOn, SentAt: e.signed}, nil
	}
	return Notice{}, nil
}

// signed is the agreement of a plan's present schedule.
func signed(p Plan, why Why, name string, c payments.Consent, now time.Time) *Agreement {
	a := &Agreement{PlanID: p.ID, Version: p.Version, Why: why, Name: strings.TrimSpace(name), Consent: c, AgreedAt: now}
	a.Consent.At = now
	for _, i := range p.Installments {
		if i.Open() {
			a.Lines = append(a.Lines, schedule.Line{Due: i.Due, Amount: i.Owed()})
		}
	}
	return a
}
