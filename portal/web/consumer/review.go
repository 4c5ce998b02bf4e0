package consumer

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/contact"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// review is the last look: amount, debts, method, and what the law wants to be
// said before paying (AMT-08). A payment that was submitted shows its outcome.
func (p *Pages) review(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	switch payment.Status {
	case payments.Ready:
		page, err := p.reviewPage(r, payment, methodView(payment))
		if err != nil {
			return err
		}
		return r.Page(http.StatusOK, page)
	case payments.Started:
		return r.SeeOther(paths.Method(string(payment.ID)))
	default:
		return r.SeeOther(paths.Payment(string(payment.ID)))
	}
}

// postReview pays. However often it comes, the processor is asked once.
func (p *Pages) postReview(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	if payment.Status != payments.Ready {
		return r.SeeOther(paths.Payment(string(payment.ID)))
	}
	page, err := p.reviewPage(r, payment, methodView(payment))
	if err != nil {
		return err
	}
	if page.AuthorizeProblem = unauthorized(r, page); page.AuthorizeProblem != "" {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err := p.hears(r, page); err != nil {
		return err
	}
	_, err = p.Pay.Submit(r.Context(), r.Session().Subject, payment.ID, consent(r, page))
	var problems payments.Problems
	switch {
	case errors.Is(err, payments.ErrNotNow):
	case errors.Is(err, payments.ErrMoved):
		return p.partMoved(r, payment)
	case errors.As(err, &problems), errors.Is(err, payments.ErrPaused), errors.Is(err, payments.ErrDeclines):
		return p.changed(r, err)
	case err != nil:
		return err
	}
	return r.SeeOther(paths.Payment(string(payment.ID)))
}

// unauthorized says what a payment still lacks: of a bank account the tick, and
// that the text is the one that was read: after midnight it names another day.
// A card's own review may come without the mark, for only that page has its
// button.
func unauthorized(r *web.Request, page consumer.Review) string {
	seen := r.Form().Text("seen")
	switch {
	case page.Authorization != nil && r.Form().Text("authorize") != "yes":
		return page.T(consumer.ProblemAuthorize)
	case seen == page.Seen, seen == "" && page.Authorization == nil && page.Plan == nil && !page.Method.Elsewhere:
		return ""
	}
	return page.T(consumer.ProblemReviewMoved)
}

// changed shows the choice again, because a debt can no longer be paid like
// that: it was paid, disputed or recalled meanwhile (AMT-06), or no card is taken
// any more today.
func (p *Pages) changed(r *web.Request, why error) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	page, err := p.choosing(r, v, v.unfinished())
	if err != nil {
		return err
	}
	page.Path = paths.Choose
	if errors.Is(why, payments.ErrPaused) {
		return paymentsOff(r, page)
	}
	if page.Problem = page.T(consumer.ProblemChanged); errors.Is(why, payments.ErrDeclines) {
		page.Problem, page.MethodProblem = "", declines(page.Base)
	}
	return r.Page(http.StatusUnprocessableEntity, page.Choose)
}

func (p *Pages) reviewPage(r *web.Request, payment payments.Payment, from consumer.MethodView) (consumer.Review, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.Review{}, err
	}
	page := consumer.Review{
		Base: r.Base(), PaymentID: string(payment.ID), Amount: payment.Amount, Method: from,
	}
	for _, a := range payment.Allocations {
		s, ok := v.statement(a.DebtID)
		if !ok {
			return page, web.ErrNotFound
		}
		page.Lines = append(page.Lines, consumer.ReviewLine{
			DebtID: a.DebtID, Creditor: s.Debt.CreditorName, OriginalCreditor: s.Debt.OriginalCreditorName,
			AccountEnding: s.Debt.AccountNumberLast4, What: s.Debt.Description, Since: s.Debt.ContractDate, Amount: a.Amount,
		})
		page.Notices = append(page.Notices, v.beforePayment(page.Base, s.Debt)...)
	}
	if saved := payment.Saved.MethodID != ""; saved || payment.Method == payments.BankAccount {
		page.Authorization = &consumer.Authorization{
			AgencyLegalName: page.Agency.LegalName, AgencyPhone: page.Agency.Phone, Account: from,
			Amount: payment.Amount, On: v.today, ClearsBy: v.clearsBy(v.now), Saved: saved,
		}
	}
	if page.Plan, err = p.forPlan(r, payment); err != nil {
		return page, err
	}
	page.Seen = mark(agreed(page))
	page.Tell, err = p.askToTell(r, v)
	return page, err
}

// askToTell is the box beside a payment by which the person lets us write of it:
// by email, or else by text, where their word is all that is missing. Consent is
// the consumer's own to give.
func (p *Pages) askToTell(r *web.Request, v view) (*consumer.Tell, error) {
	if v.role != "" {
		return nil, nil
	}
	for _, ch := range []contact.Channel{contact.Email, contact.SMS} {
		way, err := p.Reach.Book.WayOf(r.Context(), reachOf(v.account), ch)
		switch {
		case err != nil:
			return nil, err
		case way.Askable():
			return &consumer.Tell{
				ByText: ch == contact.SMS, To: contact.Masked(ch, way.Address), On: r.Form().Text("tell") == "yes",
				AtWork: ch == contact.Email && contact.Business(way.Address),
			}, nil
		case way.On:
			return nil, nil
		}
	}
	return nil, nil
}

// hears keeps that whoever pays wants to be told, before there is anything to
// tell.
func (p *Pages) hears(r *web.Request, page consumer.Review) error {
	if page.Tell == nil || !page.Tell.On {
		return nil
	}
	account, err := p.Accounts.Account(r.Context(), me(r))
	if err != nil {
		return err
	}
	ch, text := contact.Email, contact.PaymentEmail
	if page.Tell.ByText {
		ch, text = contact.SMS, contact.PaymentSMS
	}
	return p.Reach.Book.Agree(r.Context(), reachOf(account), ch, talk.Consumer, text)
}

// agreed is what is said yes to, word for word (ACH-03, AMT-08).
func agreed(page consumer.Review) string {
	var shown []string
	for _, l := range page.Lines {
		shown = append(shown, l.Creditor)
		shown = append(shown, consumer.DisclosureText(page.Base, l)...)
	}
	if page.Plan != nil {
		shown = append(shown, consumer.PlanPartText(page.Base, *page.Plan)...)
	}
	if page.Authorization != nil {
		shown = append(shown, consumer.AuthorizationText(page.Base, *page.Authorization)...)
	}
	return strings.Join(shown, "\n")
}

// consent is what was agreed to, and by whom from where.
func consent(r *web.Request, page consumer.Review) payments.Consent {
	visitor := r.Visitor()
	return payments.Consent{
		Text: agreed(page), SessionID: string(r.Session().ID), IP: visitor.IP.String(),
		UserAgent: cmp.Or(visitor.UserAgent, "unknown"), Language: visitor.Language,
	}
}

// brands are the names of card networks as they are written on cards.
var brands = map[string]string{
	"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "discover": "Discover",
	"diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay",
}

func methodView(p payments.Payment) consumer.MethodView {
	return consumer.MethodView{
		Kind: consumer.Method(p.Method), Label: cmp.Or(brands[p.Details.Brand], p.Details.Brand), Last4: p.Details.Last4,
	}
}
