package consumer

import (
	"errors"
	"net/http"
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/web"
)

// drafting a dispute: the form, filled in again from what was kept.
type disputing struct {
	page    consumer.DisputeForm
	filing  dispute.Filing
	whole   bool
	account debt.Account
	debt    debt.Statement
	sent    string // its reference, when it was sent already
	plan    bool
}

func (p *Pages) draftedDispute(r *web.Request) (disputing, error) {
	var d disputing
	typed, err := p.Disputes.Draft(r.Context(), me(r), r.Param("draft"))
	if err != nil {
		return d, noDispute(err)
	}
	all, err := p.Disputes.Of(r.Context(), me(r))
	if err != nil {
		return d, err
	}
	if i := slices.IndexFunc(all, func(one dispute.Dispute) bool { return one.RequestKey == typed.ID }); i >= 0 {
		d.sent = all[i].Reference
		return d, nil
	}
	v, err := p.load(r)
	if err != nil {
		return d, err
	}
	d.account = v.account
	if d.debt, err = v.disputableDebt(string(typed.DebtID)); err != nil {
		return d, err
	}
	i := d.debt.Debt.Itemization
	d.page = consumer.DisputeForm{Base: r.Base(), DebtID: string(typed.DebtID), NoAmounts: v.noAmounts(d.debt), Hidden: v.unseen(d.debt), Total: max(0, d.debt.Owed), ItemizedOn: i.Date}
	d.page.Creditor, d.page.What = v.named(d.page.Base, d.debt)
	for _, l := range dispute.AllLines {
		d.page.Lines = append(d.page.Lines, consumer.DisputeLine{Name: string(l), Amount: l.Of(i)})
	}
	typeDispute(&d.page, web.FormOf(typed.Fields))
	d.page.Draft = typed.ID
	if err := p.taken(r, &d.page); err != nil {
		return d, err
	}
	d.filing, d.whole = p.readDispute(&d.page, d.debt)
	d.plan, err = p.charges(r, d.page.DebtID)
	return d, err
}

// charges reports whether a plan charges the debt by itself.
func (p *Pages) charges(r *web.Request, id string) (bool, error) {
	if p.Plans == nil {
		return false, nil
	}
	all, err := p.Plans.PlansOf(r.Context(), r.Session().Subject)
	return slices.ContainsFunc(all, func(plan plans.Plan) bool { return plan.Debt.ID == id && plan.Status.Running() }), err
}

// disputeCheck is the last look.
func (p *Pages) disputeCheck(r *web.Request) error {
	d, err := p.draftedDispute(r)
	switch {
	case err != nil:
		return err
	case d.sent != "":
		return r.SeeOther(paths.Sent(d.sent))
	case !d.whole:
		return r.SeeOther(paths.DisputeChange(d.page.DebtID, d.page.Draft))
	}
	return r.Page(http.StatusOK, p.disputeReview(r, d))
}

func (p *Pages) disputeReview(r *web.Request, d disputing) consumer.DisputeReview {
	disputed, _ := dispute.Check(d.filing, d.debt.Debt.Itemization, d.page.Total, civil.Of(p.Now().In(p.Zone)))
	page := consumer.DisputeReview{
		Base: r.Base(), DebtID: d.page.DebtID, Draft: d.page.Draft, Creditor: d.page.Creditor, What: d.page.What,
		Scope: consumer.DisputeScope(d.filing.Scope), Disputed: disputed, PaidOn: d.filing.PaidOn, PaidTo: d.filing.Story.PaidTo,
		Story: d.filing.Story.Words, Safe: d.filing.Story.SafeContact, Files: d.page.Files, Autopay: d.plan,
		AnswerBy: p.Disputes.AnswerBy(d.account, d.debt.Debt),
	}
	if disputed >= d.page.Total {
		page.Scope = consumer.ScopeWhole
	}
	for _, reason := range d.filing.Reasons {
		page.Reasons = append(page.Reasons, consumer.DisputeReason(reason))
	}
	return page
}

// postDisputeCheck sends the dispute. However often it comes, it is one.
func (p *Pages) postDisputeCheck(r *web.Request) error {
	d, err := p.draftedDispute(r)
	switch {
	case err != nil:
		return err
	case d.sent != "":
		return r.SeeOther(paths.Sent(d.sent))
	case !d.whole:
		return r.SeeOther(paths.DisputeChange(d.page.DebtID, d.page.Draft))
	}
	sent, err := p.Disputes.Open(r.Context(), me(r), d.debt.Debt.ID, d.filing, d.page.Draft)
	var problems dispute.Problems
	switch {
	case errors.As(err, &problems):
		page := p.disputeReview(r, d)
		page.Problem = page.T(consumer.ProblemDisputeMoved)
		return r.Page(http.StatusUnprocessableEntity, page)
	case errors.Is(err, dispute.ErrNotOpen):
		page := p.disputeReview(r, d)
		page.Problem = page.T(consumer.ProblemDisputeClosed)
		return r.Page(http.StatusUnprocessableEntity, page)
	case err != nil:
		return noDispute(err)
	}
	return r.SeeOther(paths.Sent(sent.Reference))
}

// theirs is the dispute that the address names. Who speaks for the consumer
// finds what was sent in their own capacity and nothing else: a person may have
// to hide from their family that they disputed, and why (STS-08).
func (p *Pages) theirs(r *web.Request) (dispute.Dispute, error) {
	d, err := p.Disputes.ByReference(r.Context(), me(r), r.Param("reference"))
	if err == nil && !sentBy(r, d) {
		err = dispute.ErrNotFound
	}
	if err != nil {
		return dispute.Dispute{}, noDispute(err)
	}
	return d, nil
}

// sentBy reports whether who is here may know of the dispute at all.
func sentBy(r *web.Request, d dispute.Dispute) bool {
	role := r.Session().Speaker.Role
	return role == "" || role == d.By
}

// dispute is the receipt and, from then on, where it stands.
func (p *Pages) dispute(r *web.Request) error {
	d, err := p.theirs(r)
	if err != nil {
		return err
	}
	page, err := p.disputePage(r, d)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

var disputeStates = map[dispute.Outcome]consumer.DisputeState{
	dispute.Verified: consumer.DisputeVerified, dispute.Duplicative: consumer.DisputeAgain, dispute.CreditorSent: consumer.DisputeNamed,
	dispute.InFavor: consumer.DisputeFavor, dispute.Replied: consumer.DisputeReplied, dispute.Withdrawn: consumer.DisputeWithdrawn,
}

func (p *Pages) disputePage(r *web.Request, d dispute.Dispute) (consumer.Dispute, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.Dispute{}, err
	}
	page := consumer.Dispute{
		Base: r.Base(), Reference: d.Reference, DebtID: string(d.DebtID), Kind: consumer.DisputeKind(d.Kind), State: consumer.DisputeOpen,
		Whole: d.HoldAmount() == 0, Stolen: d.Has(dispute.IdentityTheft), Coerced: d.Has(dispute.Coerced), Disputed: d.Disputed,
		SentAt: d.OpenedAt.In(p.Zone), AnswerBy: d.AnswerBy,
	}
	s, known := v.statement(string(d.DebtID))
	hidden := known && v.unseen(s)
	page.CanWithdraw = d.MayWithdraw() && !hidden && d.By == v.role
	if known {
		page.Creditor, _ = v.named(page.Base, s)
		page.Whole = page.Whole || hidden
	}
	if last, ended := d.Last(); ended {
		page.State, page.ByMail, page.AnsweredOn = disputeStates[last.Outcome], last.Method == "mail", last.SentOn
		if page.AnsweredOn.IsZero() {
			page.AnsweredOn = v.dayOf(last.At)
		}
		if page.State == consumer.DisputeNamed && known && !hidden {
			page.FirstOwedTo = s.Debt.OriginalCreditorName
		}
		if err := p.waitingPlan(r, &page, s); err != nil {
			return page, err
		}
	}
	if err := p.disputePapers(r, &page, d); err != nil {
		return page, err
	}
	if hidden {
		page.Files = nil
		return page, nil
	}
	if v.role != "" {
		return page, nil // what becomes of the consumer's money is theirs to say
	}
	return page, p.heldPayments(r, &page, v, d)
}

// waitingPlan names the plan that rests and waits for the consumer's word
// (DIS-03).
func (p *Pages) waitingPlan(r *web.Request, page *consumer.Dispute, s debt.Statement) error {
	if p.Plans == nil {
		return nil
	}
	all, err := p.Plans.PlansOf(r.Context(), r.Session().Subject)
	for _, plan := range all {
		if plan.Debt.ID == string(s.Debt.ID) && plan.Status == plans.Paused {
			page.Plan = string(plan.ID)
		}
	}
	return err
}

func (p *Pages) disputePapers(r *web.Request, page *consumer.Dispute, d dispute.Dispute) error {
	files, err := p.Disputes.Evidence(r.Context(), "", d.ID)
	page.Files = nil
	for _, f := range files {
		page.Files = append(page.Files, consumer.DisputeFile{
			ID: string(f.ID), Name: f.Name, Ours: f.From == dispute.FromCollector,
			Open: f.Scan != dispute.ScanInfected && (f.From == dispute.FromConsumer || f.Scan.Shown()),
		})
	}
	return err
}

// heldPayments lists what cleared after the debt was disputed, to be asked about
// (AMT-06).
func (p *Pages) heldPayments(r *web.Request, page *consumer.Dispute, v view, d dispute.Dispute) error {
	if p.Held == nil {
		return nil
	}
	all, err := p.Held.Of(r.Context(), d.AccountID)
	for _, one := range all {
		if one.DebtID != d.DebtID || one.Reason != string(gate.IsDisputed) {
			continue
		}
		line := consumer.HeldPayment{
			PaymentID: string(one.PaymentID), Reference: one.Reference, Amount: one.Amount, Returned: one.SentBackBy != "",
		}
		if one.AskedAt.IsZero() && p.Now().Before(one.ReversibleUntil) {
			line.ReturnOn = v.dayOf(one.ReversibleUntil)
		}
		page.Payments = append(page.Payments, line)
	}
	return err
}

// postDisputeFiles adds files to a dispute that is open.
func (p *Pages) postDisputeFiles(r *web.Request) error {
	d, err := p.theirs(r)
	if err != nil {
		return err
	}
	taken := 0
	problems, err := p.collect(r, func(name string, content []byte) error {
		_, err := p.Disputes.AddEvidence(r.Context(), me(r), d.Reference, name, content)
		if err == nil {
			taken++
		}
		return err
	})
	if errors.Is(err, dispute.ErrNotNow) {
		return r.SeeOther(paths.Sent(d.Reference))
	}
	if err != nil {
		return noDispute(err)
	}
	if taken > 0 && len(problems) == 0 {
		return r.SeeOther(paths.Sent(d.Reference))
	}
	page, err := p.disputePage(r, d)
	if err != nil {
		return err
	}
	if page.FileProblems = problems; len(problems) == 0 {
		page.FileProblems = []string{page.T(consumer.ProblemDisputeFileNone)}
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

// disputeFile hands a file out as a download, never as a page.
func (p *Pages) disputeFile(r *web.Request) error {
	d, err := p.theirs(r)
	if err != nil {
		return err
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	f, content, err := p.Disputes.ReadOwn(r.Context(), me(r), dispute.FileID(r.Param("file")))
	if err != nil || f.DisputeID != d.ID {
		return noDispute(errors.Join(err, notOf(f, d)))
	}
	if s, known := v.statement(string(d.DebtID)); known && v.unseen(s) {
		return web.ErrNotFound // whoever is here may be a relative, or the one who took the name
	}
	return r.Download(d.Reference+dispute.Extension(f.Type), f.Type, content)
}

func notOf(f dispute.File, d dispute.Dispute) error {
	if f.DisputeID != d.ID {
		return dispute.ErrNotFound
	}
	return nil
}

// postDisputePayment says what becomes of a payment that was on its way
// (AMT-06).
func (p *Pages) postDisputePayment(r *web.Request) error {
	d, err := p.theirs(r)
	if err != nil {
		return err
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if s, known := v.statement(string(d.DebtID)); p.Held == nil || v.role != "" || known && v.unseen(s) {
		return web.ErrNotFound
	}
	id, back := payments.ID(r.Form().Text("payment")), paths.Sent(d.Reference)
	switch r.Form().Text("choice") {
	case "keep":
		back, err = paths.Payment(string(id)), p.Held.Count(r.Context(), d.AccountID, id, d.DebtID)
	case "return":
		err = p.Held.Return(r.Context(), d.AccountID, id, d.DebtID)
	default:
		return web.ErrNotFound
	}
	switch {
	case errors.Is(err, held.ErrNotFound):
		return web.ErrNotFound
	case errors.Is(err, payments.ErrNotNow), errors.Is(err, payments.ErrDebtClosed):
		return r.SeeOther(paths.Sent(d.Reference)) // the page says what is so now
	case err != nil:
		return err
	}
	return r.SeeOther(back)
}

// askCreditor asks whom a debt was first owed to (DIS-06).
func (p *Pages) askCreditor(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	open := v.askable()
	for _, s := range open {
		if string(s.Debt.ID) == r.Query("debt") || len(open) == 1 {
			base := r.Base()
			base.Path = paths.AskAbout(string(s.Debt.ID))
			return r.Page(http.StatusOK, consumer.AskCreditor{
				Base: base, DebtID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, What: s.Debt.Description, Once: onceKey(),
			})
		}
	}
	return r.Page(http.StatusOK, v.whichPage(r, open, true))
}

func (p *Pages) postAskCreditor(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	s, err := v.disputableDebt(r.Form().Text("debt"))
	if err == nil && v.unseen(s) {
		err = web.ErrNotFound
	}
	if err != nil {
		return err
	}
	return p.sendOnce(r, s.Debt.ID, dispute.Filing{Kind: dispute.Creditor, Language: r.Base().Lang()})
}

// complain takes a complaint; it holds nothing.
func (p *Pages) complain(r *web.Request) error {
	page := consumer.ComplaintForm{Base: r.Base(), Once: onceKey()}
	if form, kept := r.KeptForm(); kept {
		page.Story.Value = form.Typed("words")
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) postComplain(r *web.Request) error {
	f := dispute.Filing{Kind: dispute.Complaint, Story: dispute.Story{Words: r.Form().Text("words")}, Language: r.Base().Lang()}
	err := p.sendOnce(r, "", f)
	var problems dispute.Problems
	if !errors.As(err, &problems) {
		return err
	}
	page := consumer.ComplaintForm{Base: r.Base(), Once: r.Form().Text("once"), Story: consumer.Input{Value: r.Form().Typed("words")}}
	page.Story.Problem = page.T(consumer.ProblemDisputeWords)
	if problems[0].Fault == dispute.TooLong {
		page.Story.Problem = page.T(consumer.ProblemDisputeLong)
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

func (p *Pages) sendOnce(r *web.Request, id debt.ID, f dispute.Filing) error {
	key := r.Form().Text("once")
	if len(key) != onceLength {
		return web.ErrBadForm
	}
	sent, err := p.Disputes.Open(r.Context(), me(r), id, f, key)
	if errors.Is(err, dispute.ErrNotOpen) {
		return r.SeeOther(paths.Account)
	}
	if err != nil {
		return noDispute(err)
	}
	return r.SeeOther(paths.Sent(sent.Reference))
}

// disputesSent lists what the consumer sent, on the account.
func (p *Pages) disputesSent(r *web.Request, v view, about debt.ID) ([]consumer.DisputeSent, error) {
	if p.Disputes == nil {
		return nil, nil
	}
	all, err := p.Disputes.Of(r.Context(), me(r))
	var lines []consumer.DisputeSent
	for _, d := range all {
		if !sentBy(r, d) || about != "" && d.DebtID != about {
			continue
		}
		line := consumer.DisputeSent{Reference: d.Reference, Kind: consumer.DisputeKind(d.Kind), State: consumer.DisputeOpen, On: v.dayOf(d.OpenedAt)}
		if last, ended := d.Last(); ended {
			line.State = disputeStates[last.Outcome]
		}
		if s, known := v.statement(string(d.DebtID)); known && v.hold() == consumer.HoldNone && v.ask(gate.View, s.Debt).Allowed {
			line.Creditor = s.Debt.CreditorName
		}
		lines = append(lines, line)
	}
	return lines, err
}

// answerDue is the day by which an open dispute of a debt is answered.
func (p *Pages) answersDue(r *web.Request) (map[string]civil.Date, error) {
	due := map[string]civil.Date{}
	if p.Disputes == nil {
		return due, nil
	}
	all, err := p.Disputes.Of(r.Context(), me(r))
	for _, d := range all {
		if d.State() == dispute.Open && d.Kind.Holds() {
			due[string(d.DebtID)] = d.AnswerBy
		}
	}
	return due, err
}
