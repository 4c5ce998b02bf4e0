package consumer

import (
	"cmp"
	"net/http"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/web"
)

// account is the overview: what is owed, to whom, for what, and what can be
// done about it.
func (p *Pages) account(r *web.Request) error {
	asked, err := p.doubted(r)
	if err != nil {
		return err
	}
	if asked {
		return r.SeeOther(paths.LifeAlive)
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	page := consumer.Account{Base: r.Base(), FirstName: cmp.Or(v.account.Consumer.FirstName, v.account.Consumer.LastName), Hold: v.hold(), Initial: true}
	if v.role != "" {
		page.FirstName, page.For = "", strings.TrimSpace(v.account.Consumer.FirstName+" "+v.account.Consumer.LastName)
	}
	if page.Sent, err = p.disputesSent(r, v, ""); err != nil {
		return err
	}
	if page.Told, err = p.contactsTold(r); err != nil {
		return err
	}
	if page.Hold != consumer.HoldNone {
		return r.Page(http.StatusOK, page)
	}
	next, err := p.planNext(r, v)
	if err != nil {
		return err
	}
	due, err := p.answersDue(r)
	if err != nil {
		return err
	}
	page.AsOf = v.asOf()
	for _, s := range v.shown() {
		line := v.accountDebt(page.Base, s)
		line.Plan = next[line.ID]
		if line.Status == consumer.DebtDisputed {
			line.Day = due[line.ID]
		}
		sum := v.balances(s)
		page.Total, page.Disputed, page.OnHold = page.Total+sum.owed, page.Disputed+sum.disputed, page.OnHold+sum.onHold
		paid, _ := sum.since(s)
		page.PaidSince = page.PaidSince || paid > 0 && sum.total() > 0
		page.CanPay = page.CanPay || v.canPay(s) && !page.PaymentsOff
		page.Debts = append(page.Debts, line)
	}
	page.Payments = v.paymentLines()
	page.Attention = v.attention(page.Debts)
	page.First = v.first(page.Base)
	return r.Page(http.StatusOK, page)
}

// debt is the itemization of one debt. Another's debt, and one that may not be
// shown, do not exist (S10).
func (p *Pages) debt(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	s, err := v.shownDebt(r.Param("id"))
	if err != nil {
		return err
	}
	next, err := p.planNext(r, v)
	if err != nil {
		return err
	}
	page := v.debtPage(r.Base(), s)
	page.Plan = next[page.ID]
	if page.HasNotice, page.Period, err = p.noticeLine(r, v, s.Debt); err != nil {
		return err
	}
	if page.Sent, err = p.disputesSent(r, v, s.Debt.ID); err != nil {
		return err
	}
	if page.Letters, err = p.lettersOn(r, page.ID); err != nil {
		return err
	}
	page.CanPayOff = p.Letters != nil && page.CanPay
	due, err := p.answersDue(r)
	if err != nil {
		return err
	}
	if page.Status == consumer.DebtDisputed {
		page.Day = due[page.ID]
	}
	return r.Page(http.StatusOK, page)
}
