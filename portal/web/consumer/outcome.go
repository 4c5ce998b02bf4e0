package consumer

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/web"
)

// How the outcome page looks again by itself.
const (
	askEvery     = 3 * time.Second  // the processor is asked no more often
	lookAgain    = 5                // seconds between two looks at first
	lookLater    = 30               // and after ten minutes
	longWait     = 10 * time.Minute // then the page says what we do
	processorLag = time.Minute      // a bank payment may still be refused at once
)

// outcome says what became of a payment, whatever it is by now. It may be
// reloaded, bookmarked and come back to: it never charges.
func (p *Pages) outcome(r *web.Request) error {
	if cameBack(r) {
		return r.SeeOther(paths.Payment(r.Param("id")))
	}
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	switch payment.Status {
	case payments.Started:
		return r.SeeOther(paths.Method(string(payment.ID)))
	case payments.Ready:
		return r.SeeOther(paths.Review(string(payment.ID)))
	default:
	}
	payment, truth, err := p.fresh(r, payment)
	if err != nil {
		return err
	}
	if !begun(r, payment) {
		truth = payments.Truth{} // what goes on from here goes on by the consent of who began it
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	page := v.outcomePage(r, payment, truth)
	next, err := p.planNext(r, v)
	if err != nil {
		return err
	}
	if page.Plan, err = p.forPlan(r, payment); err != nil {
		return err
	}
	for i := range page.Lines {
		page.Lines[i].Plan = next[page.Lines[i].DebtID]
	}
	if page.RefreshSeconds > 0 {
		since := p.Now().Sub(payment.SubmittedAt)
		page.LongWait = since > longWait
		if page.LongWait {
			page.RefreshSeconds = lookLater
		}
	}
	return r.Page(http.StatusOK, page)
}

// postStopPayment gives up a payment that waits for a step of the person at their
// bank: nothing is sent yet (ACH-03). The processor is asked, and what it answers is
// what the page then says.
func (p *Pages) postStopPayment(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	_, err = p.Pay.Cancel(r.Context(), payment.AccountID, payment.ID)
	if err != nil && !errors.Is(err, payments.ErrNotNow) && !errors.Is(err, payments.ErrUnknownOutcome) {
		return err
	}
	return r.SeeOther(paths.Payment(string(payment.ID)))
}

// cameBack reports whether the processor led here from a bank's check. What it
// wrote into the address stays neither there nor in the browser's history; how
// things stand is asked, not read from it.
func cameBack(r *web.Request) bool { return r.Query("redirect_status") != "" }

// fresh asks the processor about a payment whose outcome is open, unless it
// was asked a moment ago. A lost answer is no error here: the page then says
// that we are checking (U13).
func (p *Pages) fresh(r *web.Request, payment payments.Payment) (payments.Payment, payments.Truth, error) {
	open := payment.Status.InFlight() && payment.Status != payments.Processing ||
		payment.Status == payments.Processing && p.Now().Sub(payment.SubmittedAt) < processorLag
	asked := p.Now().Sub(payment.ObservedAt) < askEvery
	if !open || asked && payment.Status != payments.NeedsAction {
		return payment, payments.Truth{}, nil
	}
	refreshed, truth, err := p.Pay.Refresh(r.Context(), payment.ID)
	switch {
	case errors.Is(err, payments.ErrUnknownOutcome), errors.Is(err, payments.ErrWrongTruth), errors.Is(err, payments.ErrRefused):
		return payment, payments.Truth{}, nil
	case err != nil:
		return payment, payments.Truth{}, err
	}
	return refreshed, truth, nil
}

func (v view) outcomePage(r *web.Request, payment payments.Payment, truth payments.Truth) consumer.Outcome {
	page := consumer.Outcome{
		Base: r.Base(), PaymentID: string(payment.ID), Reference: payment.Reference, Amount: payment.Amount,
		State: stateOf(payment, truth.Microdeposits), Reason: reasonOf(payment.Failure), Date: v.outcomeDay(payment),
		Method: methodView(payment), Lines: v.outcomeLines(payment), VerifyURL: truth.ActionURL, Chargeback: chargedBack(payment),
	}
	page.CanPay = !page.PaymentsOff && slices.ContainsFunc(v.shown(), v.canPay)
	if page.State == consumer.OutcomeAction {
		page.State = waiting(truth)
	}
	switch page.State {
	case consumer.OutcomeFailed, consumer.OutcomeCanceled:
		if !page.PaymentsOff && begun(r, payment) && v.payableAgain(payment) {
			page.Once = rand.Text()
		}
	case consumer.OutcomePending:
		page.ClearsBy = v.expected(payment)
	case consumer.OutcomeChecking:
		page.RefreshSeconds = lookAgain
	default:
	}
	return page
}

// payableAgain reports whether each debt of a payment may be paid now.
func (v view) payableAgain(p payments.Payment) bool {
	return !slices.ContainsFunc(p.Allocations, func(a payments.Allocation) bool {
		s, ok := v.statement(a.DebtID)
		return !ok || !v.canPay(s)
	})
}

// waiting is what a payment is called that waits for the person: when the
// processor could not be asked we are checking; when they came back from the
// hosted page without paying, nothing was taken.
func waiting(truth payments.Truth) consumer.OutcomeState {
	switch {
	case truth.State == "":
		return consumer.OutcomeChecking
	case truth.IntentID == "", truth.State == payments.IntentOpen: // no card was tried on the page, or the last was declined
		return consumer.OutcomeCanceled
	}
	return consumer.OutcomeAction
}

// stateOf puts a payment's status into the words of the pages.
func stateOf(p payments.Payment, microdeposits bool) consumer.OutcomeState {
	switch p.Status {
	case payments.Confirmed:
		return consumer.OutcomePaid
	case payments.Processing:
		return consumer.OutcomePending
	case payments.NeedsAction:
		if microdeposits {
			return consumer.OutcomeMicrodeposits
		}
		return consumer.OutcomeAction
	case payments.Failed:
		if sentBack(p) {
			return consumer.OutcomeReturned
		}
		return consumer.OutcomeFailed
	case payments.Canceled:
		return consumer.OutcomeCanceled
	case payments.Reversed:
		return consumer.OutcomeReturned
	case payments.Refunded:
		return consumer.OutcomeRefunded
	case payments.Held:
		return consumer.OutcomeHeld
	default:
		return consumer.OutcomeChecking
	}
}

// sentBack reports whether a bank returned a debit that had been on its way. A
// code that came with the very answer to the order means that it never left.
func sentBack(p payments.Payment) bool {
	return p.Status == payments.Reversed ||
		p.Status == payments.Failed && p.Failure.ReturnCode != "" && p.ClosedAt.Sub(p.SubmittedAt) > processorLag
}

func (v view) outcomeDay(p payments.Payment) civil.Date {
	switch p.Status {
	case payments.Confirmed, payments.Held:
		return v.dayOf(p.ConfirmedAt)
	case payments.Processing, payments.Checking, payments.Submitting, payments.NeedsAction:
		return v.dayOf(p.SubmittedAt)
	default:
		return v.dayOf(p.ClosedAt)
	}
}

// outcomeLines lists the debts of a payment and what is left of each.
func (v view) outcomeLines(p payments.Payment) []consumer.OutcomeLine {
	var lines []consumer.OutcomeLine
	stands := p.Shares()
	for i, a := range p.Allocations {
		line := consumer.OutcomeLine{DebtID: a.DebtID, Amount: a.Amount, Held: a.Held != ""}
		if p.Status == payments.Confirmed || p.Status == payments.Held {
			line.SentBack, line.Taken = p.RefundedOf(a.DebtID), p.WithdrawnOf(a.DebtID)
			line.Held = line.Held && stands[i] > 0
		}
		if s, ok := v.statement(a.DebtID); ok {
			sum := v.balances(s)
			line.Creditor, line.Credit = s.Debt.CreditorName, s.Credit
			line.Left, line.Disputed, line.OnHold = sum.owed, sum.disputed, sum.onHold
		}
		lines = append(lines, line)
	}
	return lines
}
