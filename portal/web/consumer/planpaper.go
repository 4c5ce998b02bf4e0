package consumer

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/paper"
	"quittance/portal/web"
)

// planPaper is what was agreed to, as it was shown and signed (REG-03).
func (p *Pages) planPaper(r *web.Request) error {
	page, _, err := p.paperPage(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// planPaperCopy is the same as a file to keep; the page is the document of
// record.
func (p *Pages) planPaperCopy(r *web.Request) error {
	page, a, err := p.paperPage(r)
	if err != nil {
		return err
	}
	d := p.copyOf(page.Base, a.AgreedAt, page.Reference, page.T("plan.paper"))
	for _, text := range page.Text {
		d.Blocks = append(d.Blocks, paper.Paragraph(text))
	}
	d.Blocks = append(d.Blocks, paper.Rule{}, paper.Rows(page.Signed()))
	return sendCopy(r, d)
}

func (p *Pages) paperPage(r *web.Request) (consumer.PlanPaper, plans.Agreement, error) {
	plan, err := p.myPlan(r)
	if err != nil {
		return consumer.PlanPaper{}, plans.Agreement{}, err
	}
	signed, err := p.Plans.Agreements(r.Context(), r.Session().Subject, plan.ID)
	if err != nil {
		return consumer.PlanPaper{}, plans.Agreement{}, hidden(err)
	}
	n := slices.IndexFunc(signed, func(a plans.Agreement) bool { return r.Param("version") == versionOf(a) })
	if n < 0 {
		return consumer.PlanPaper{}, plans.Agreement{}, web.ErrNotFound
	}
	a := signed[n]
	page := consumer.PlanPaper{
		Base: r.Base(), PlanID: string(plan.ID), Reference: plan.Reference, Version: a.Version,
		Text: paragraphs(a.Consent.Text), Name: a.Name,
	}
	page.At = page.Words.Time(a.AgreedAt.In(p.Zone))
	for _, other := range signed {
		page.Versions = append(page.Versions, other.Version)
	}
	return page, a, nil
}

// planLetter says that a plan is completed, or a debt settled.
func (p *Pages) planLetter(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	if !lettered(plan) {
		return r.SeeOther(paths.Plan(string(plan.ID)))
	}
	page, err := p.letterPage(r, plan)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// planLetterCopy is the same as a file to keep.
func (p *Pages) planLetterCopy(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	if !lettered(plan) {
		return r.SeeOther(paths.Plan(string(plan.ID)))
	}
	page, err := p.letterPage(r, plan)
	if err != nil {
		return err
	}
	d := p.copyOf(page.Base, plan.EndedAt, page.Reference, page.Title())
	d.Blocks = append(d.Blocks, paper.Paragraph(page.Text()), paper.Rule{}, paper.Rows(page.Facts()))
	if text := page.ProvisionalText(); text != "" {
		d.Blocks = append(d.Blocks, paper.Paragraph(text))
	}
	return sendCopy(r, d)
}

// lettered reports whether there is a letter on a plan: it was paid to its end.
func lettered(plan plans.Plan) bool { return plan.Status == plans.Completed && plan.Reason == "" }

func (p *Pages) letterPage(r *web.Request, plan plans.Plan) (consumer.PlanLetter, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.PlanLetter{}, err
	}
	c := v.account.Consumer
	page := consumer.PlanLetter{
		Base: r.Base(), PlanID: string(plan.ID), Reference: plan.Reference, Kind: consumer.PlanKind(plan.Kind),
		Name: nameOf(c.FirstName, c.LastName), Paid: plan.PaidSoFar(), Forgiven: plan.Forgiven, On: v.dayOf(plan.EndedAt),
		Provisional: v.reversible(plan.Debt.ID),
	}
	if s, ok := v.statement(plan.Debt.ID); ok {
		page.Creditor, page.What, page.AccountEnding = s.Debt.CreditorName, s.Debt.Description, s.Debt.AccountNumberLast4
	}
	return page, nil
}

// reversible is the last day on which a bank may take back a payment that was
// made on a debt (ACH-08); zero when there is none.
func (v view) reversible(debtID string) civil.Date {
	var until time.Time
	for _, pay := range v.payments {
		ours := slices.ContainsFunc(pay.Allocations, func(a payments.Allocation) bool { return a.DebtID == debtID })
		if ours && pay.Method == payments.BankAccount && pay.Status == payments.Confirmed && pay.ReversibleUntil.After(until) {
			until = pay.ReversibleUntil
		}
	}
	if !v.now.Before(until) {
		return civil.Date{}
	}
	return v.dayOf(until)
}

// copyOf begins a copy on paper of a page.
func (p *Pages) copyOf(b consumer.Base, made time.Time, reference, title string) paper.Document {
	from := append([]string{b.Agency.LegalName}, b.Agency.AddressLines...)
	return paper.Document{
		Title: title, Language: b.Lang(), Made: made, From: append(from, b.Agency.Phone), Foot: reference,
		Note: b.T("plan.copy_note", "site", hostOf(p.PublicURL("/"))),
	}
}

// sendCopy sends a copy as a file. Its name says nothing of a person.
func sendCopy(r *web.Request, d paper.Document) error {
	var file bytes.Buffer
	if err := d.PDF(&file); err != nil {
		return err
	}
	r.SetHeader("Content-Disposition", `attachment; filename="`+d.Foot+`.pdf"`)
	return r.Bytes(http.StatusOK, "application/pdf", file.Bytes())
}
