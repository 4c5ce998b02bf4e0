package plans

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// lateDays is how late a charge may still be made. What could not be charged
// in that time moves to the end of the plan: an outage of ours is followed by
// no burst of charges.
const lateDays = 3

// noticeAhead is how many Reg F days away a charge is put whose notice could
// not be given: the new one goes out in time, on a day to come (PDN-02).
const noticeAhead = 10

// claim decides what becomes of an installment whose time has come. ask says
// that it is to be charged. The subject is what may be charged right now
// (WHK-05); ends says that a refusal is for good.
func claim(p Plan, number int, s Subject, ends bool, now time.Time) (c Change, ask bool, err error) {
	i, ok := p.Installment(number)
	if !ok || p.Status != Active || p.Charging != Automatic || now.Before(i.ChargeAt) {
		return unmoved(p), false, nil
	}
	if i.Status == InFlight {
		// Died before asking: the same key again, unless something else is on its way that
		// would make it too much.
		return unmoved(p), i.PaymentID == "" && !s.Unanswered && p.room(s.Owed-s.Payable) >= 0, nil
	}
	if i.Status != Scheduled {
		return unmoved(p), false, nil
	}
	next := p.clone()
	e := env{today: s.Today, zones: s.Zones}
	switch {
	case s.Refusal != "" && ends:
		if err := next.cancel(Reason(s.Refusal)); err != nil {
			return unmoved(p), false, err
		}
		return moved(p, next, Housekeeping, now, NewsCanceled), false, nil
	case s.Refusal != "":
		next.Status, next.Reason = Paused, Reason(s.Refusal)
		return moved(p, next, Housekeeping, now, NewsPaused), false, nil
	case s.Owed <= 0:
		return gone(p, next, now), false, nil
	case s.Today.After(i.Due.AddDays(lateDays)):
		return postponed(p, next, number, WeWereLate, next.endFrom(civil.AddRegFDays(s.Today, noticeAhead)), e, now)
	case !noticed(i):
		return postponed(p, next, number, NoticeMissing, next.free(civil.AddRegFDays(s.Today, noticeAhead), number), e, now)
	}
	if s.Unanswered {
		// No fresh answer is no charge. It is asked again, and after some days the
		// rule of lateness above moves it; it never counts as missed.
		if i.Unanswered {
			return unmoved(p), false, nil
		}
		next.Installments[next.index(number)].Unanswered = true
		return moved(p, next, RecordSilent, now, NewsChanged), false, nil
	}
	next.Installments[next.index(number)].Unanswered = false
	why, news := Housekeeping, []News(nil)
	if next.shrink(s.Owed - next.inFlight()) {
		why, news = BalanceFell, []News{NewsChanged}
	}
	n := next.index(number)
	if next.Installments[n].Status != Scheduled || next.Installments[n].Owed() > min(s.Payable, next.room(s.Owed-s.Payable)) {
		// Another payment is on its way. It may still fail, so the plan waits for
		// it and is not cut: what it pays is credited when it is confirmed. Of a deal
		// to pay less more is owed than the plan asks for.
		if len(news) == 0 {
			return unmoved(p), false, nil
		}
		return moved(p, next, why, now, news...), false, nil
	}
	next.Installments[n].Status, next.Installments[n].PaymentID = InFlight, ""
	next.Installments[n].Attempts++
	return moved(p, next, why, now, news...), true, nil
}

// postponed moves one installment to another day; its notice is due anew.
func postponed(p, next Plan, number int, why Why, to civil.Date, e env, now time.Time) (Change, bool, error) {
	i := &next.Installments[next.index(number)]
	i.Due, i.Notice, i.ChargeAt, i.Unanswered = to, Notice{}, time.Time{}, false
	if err := next.arrange(e); err != nil {
		return unmoved(p), false, err
	}
	return moved(p, next, why, now, NewsChanged), false, nil
}

// noticed reports whether the written notice of a charge, where one is owed,
// was given 3 to 10 Reg F days before it (PDN-01).
func noticed(i Installment) bool {
	if i.Notice.State == NoticeNone {
		return true
	}
	return i.Notice.State == NoticeGiven && schedule.Timely(i.Notice.On, i.Due)
}

// inFlight is what is on its way by the plan's own charges.
func (p *Plan) inFlight() money.Cents {
	var sum money.Cents
	for _, i := range p.Installments {
		if i.Status == InFlight {
			sum += i.Owed()
		}
	}
	return sum
}

func (p *Plan) index(number int) int {
	for n, i := range p.Installments {
		if i.Number == number {
			return n
		}
	}
	return -1
}

// chargeKey is the request key of an installment's payment: the same attempt
// never charges twice (STR-07).
func chargeKey(p ID, number, attempt int) string {
	return fmt.Sprintf("%s/%d/%d", p, number, attempt)
}

// chargeOf reads a request key of ours back.
func chargeOf(key string) (id ID, number, attempt int, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || !strings.HasPrefix(parts[0], "pln_") {
		return "", 0, 0, false
	}
	number, err := strconv.Atoi(parts[1])
	attempt, err2 := strconv.Atoi(parts[2])
	return ID(parts[0]), number, attempt, err == nil && err2 == nil
}

// charge is what the processor is asked for.
func (p Plan) charge(number int, c payments.Consent) payments.SavedRequest {
	i, _ := p.Installment(number)
	return payments.SavedRequest{
		Request: payments.Request{
			AccountID: p.AccountID, RequestKey: chargeKey(p.ID, number, i.Attempts), Method: p.Details.Type,
			Amounts: []payments.Amount{{DebtID: p.Debt.ID, Amount: i.Owed()}},
		},
		Saved: p.Saved, Details: p.Details, Consent: c,
	}
}
