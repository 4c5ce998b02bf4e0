package consumer

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/web"
)

func (p *Pages) disputeRoutes() []web.Route {
	if p.Disputes == nil {
		return []web.Route{
			{Method: http.MethodGet, Pattern: "/dispute", Access: web.Consumer, Handler: p.printed(aboutWrong)},
			{Method: http.MethodGet, Pattern: paths.Ask, Access: web.Consumer, Handler: p.printed(aboutProof)},
		}
	}
	get := func(pattern, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Consumer, Page: page, Handler: h}
	}
	post := func(pattern, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Consumer, Page: page, Handler: h, CSRF: true, Body: web.FormBody}
	}
	files := func(r web.Route) web.Route { r.Body, r.Deadline = web.FilesBody, web.FilesDeadline; return r }
	slow := func(r web.Route) web.Route { r.Deadline = web.PayDeadline; return r }
	large := func(r web.Route) web.Route { r.Large = true; return r }
	return []web.Route{
		get("/dispute", "", p.disputePrinted),
		get(paths.Wrong, "DisputeWhich", p.disputeWhich),
		get("/disputes/about/:id", "DisputeForm", p.disputeForm),
		files(post("/disputes/about/:id", "DisputeForm", p.postDisputeForm)),
		get("/disputes/check/:draft", "DisputeReview", p.disputeCheck),
		post("/disputes/check/:draft", "DisputeReview", p.postDisputeCheck),
		get("/disputes/:reference", "Dispute", p.dispute),
		files(post("/disputes/:reference/files", "Dispute", p.postDisputeFiles)),
		large(get("/disputes/:reference/files/:file", "", p.disputeFile)),
		get("/disputes/:reference/withdraw", "DisputeWithdraw", p.withdraw),
		post("/disputes/:reference/withdraw", "DisputeWithdraw", p.postWithdraw),
		slow(post("/disputes/:reference/payment", "Dispute", p.postDisputePayment)),
		get(paths.Ask, "AskCreditor", p.askCreditor),
		post(paths.Ask, "AskCreditor", p.postAskCreditor),
		get(paths.Complain, "ComplaintForm", p.complain),
		post(paths.Complain, "ComplaintForm", p.postComplain),
	}
}

// disputePrinted is the short address that stands in notices (VAL-07).
func (p *Pages) disputePrinted(r *web.Request) error {
	if id := r.Query("debt"); id != "" {
		return r.SeeOther(paths.WrongWith(id))
	}
	return r.SeeOther(paths.Wrong)
}

// disputable are the debts on which the form is open, those that are hidden
// among them: the law leaves the word also to whom it shows nothing (rules.md O).
func (v view) disputable() []debt.Statement {
	var open []debt.Statement
	for _, s := range v.statements {
		if v.ask(gate.Dispute, s.Debt).Allowed {
			open = append(open, s)
		}
	}
	return open
}

// askable are those of which the first creditor may be asked: they can be seen.
func (v view) askable() []debt.Statement {
	return slices.DeleteFunc(v.disputable(), v.unseen)
}

// unseen reports whether nothing of a debt may be shown to who is here.
func (v view) unseen(s debt.Statement) bool { return !v.ask(gate.View, s.Debt).Allowed }

// noAmounts reports whether the form of a debt shows no amount, so that only the
// whole can be disputed.
func (v view) noAmounts(s debt.Statement) bool {
	return v.unseen(s) || v.ask(gate.View, s.Debt).Reason == gate.Limited && !v.lifted()
}

// named is what a debt is called here. One that is hidden has a number and no
// creditor: whoever is here may be a relative, or the one who took the name.
func (v view) named(b consumer.Base, s debt.Statement) (creditor, what string) {
	if !v.unseen(s) {
		return s.Debt.CreditorName, s.Debt.Description
	}
	n := 1 + slices.IndexFunc(v.statements, func(one debt.Statement) bool { return one.Debt.ID == s.Debt.ID })
	return b.T("dispute.hidden", "n", n), ""
}

func (v view) disputableDebt(id string) (debt.Statement, error) {
	for _, s := range v.disputable() {
		if string(s.Debt.ID) == id {
			return s, nil
		}
	}
	return debt.Statement{}, web.ErrNotFound
}

// disputeWhich asks which debt, where there is a choice.
func (p *Pages) disputeWhich(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	open := v.disputable()
	for _, s := range open {
		if id := string(s.Debt.ID); id == r.Query("debt") || len(open) == 1 {
			return r.SeeOther(paths.DisputeAbout(id))
		}
	}
	return r.Page(http.StatusOK, v.whichPage(r, open, false))
}

func (v view) whichPage(r *web.Request, open []debt.Statement, ask bool) consumer.DisputeWhich {
	page := consumer.DisputeWhich{Base: r.Base(), Ask: ask}
	for _, s := range open {
		creditor, what := v.named(page.Base, s)
		page.Debts = append(page.Debts, consumer.AccountDebt{ID: string(s.Debt.ID), Creditor: creditor, What: what})
	}
	return page
}

// disputeForm asks what is wrong with one debt.
func (p *Pages) disputeForm(r *web.Request) error {
	page, _, err := p.formPage(r)
	if err != nil {
		return err
	}
	form, restored := r.KeptForm()
	if draft := r.Query("draft"); !restored && draft != "" {
		typed, err := p.Disputes.Draft(r.Context(), me(r), draft)
		if err != nil {
			return noDispute(err)
		}
		form = web.FormOf(typed.Fields)
		page.Draft = typed.ID
	}
	typeDispute(&page, form)
	for _, reason := range consumer.DisputeReasons { // that were checked on the notice
		page.Reasons[reason] = page.Reasons[reason] || r.Query("reason_"+string(reason)) != ""
	}
	if err := p.taken(r, &page); err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) formPage(r *web.Request) (consumer.DisputeForm, debt.Statement, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.DisputeForm{}, debt.Statement{}, err
	}
	s, err := v.disputableDebt(r.Param("id"))
	if err != nil {
		return consumer.DisputeForm{}, s, err
	}
	i := s.Debt.Itemization
	page := consumer.DisputeForm{
		NoAmounts: v.noAmounts(s), Hidden: v.unseen(s), Base: r.Base(), DebtID: string(s.Debt.ID), Total: max(0, s.Owed), ItemizedOn: i.Date,
	}
	page.Creditor, page.What = v.named(page.Base, s)
	if !page.Hidden {
		page.Notices = v.besideDispute(page.Base, s.Debt)
	}
	for _, l := range dispute.AllLines {
		if amount := l.Of(i); amount > 0 {
			page.Lines = append(page.Lines, consumer.DisputeLine{Name: string(l), Amount: amount})
		}
	}
	return page, s, nil
}

// taken lists the files that came with a form so far.
func (p *Pages) taken(r *web.Request, page *consumer.DisputeForm) error {
	if page.Draft == "" {
		return nil
	}
	files, err := p.Disputes.Evidence(r.Context(), page.Draft, "")
	page.Files = nil
	for _, f := range files {
		if f.AccountID == me(r) {
			page.Files = append(page.Files, consumer.DisputeFile{ID: string(f.ID), Name: f.Name, Open: true})
		}
	}
	return err
}

// typeDispute fills the form in as it was typed.
func typeDispute(page *consumer.DisputeForm, form web.Form) {
	page.Reasons = map[consumer.DisputeReason]bool{}
	for _, reason := range consumer.DisputeReasons {
		page.Reasons[reason] = form.Text("reason_"+string(reason)) != ""
	}
	page.Scope = consumer.DisputeScope(form.Text("scope"))
	for i := range page.Lines {
		page.Lines[i].Checked = form.Text("line_"+page.Lines[i].Name) != ""
	}
	page.Amount = consumer.Input{Value: form.Typed("amount")}
	page.PaidOn, page.PaidTo = consumer.Input{Value: form.Typed("paid_on")}, consumer.Input{Value: form.Typed("paid_to")}
	page.Story, page.Safe = consumer.Input{Value: form.Typed("words")}, consumer.Input{Value: form.Typed("safe_contact")}
	if draft := form.Text("draft"); draft != "" {
		page.Draft = draft
	}
}

// postDisputeForm keeps what was typed and the files that came, whatever else is
// to be put right, and goes on to the last look.
func (p *Pages) postDisputeForm(r *web.Request) error {
	page, s, err := p.formPage(r)
	if err != nil {
		return err
	}
	typeDispute(&page, r.Form())
	draft := dispute.Typed{ID: page.Draft, DebtID: s.Debt.ID, Fields: map[string]string{}}
	if draft.ID != "" {
		if _, err := p.Disputes.Draft(r.Context(), me(r), draft.ID); err != nil {
			return noDispute(err)
		}
	}
	draft, err = p.Disputes.Keep(r.Context(), me(r), draft)
	if errors.Is(err, dispute.ErrDrafts) {
		return p.noRoomForDraft(r, page)
	}
	if err != nil {
		return err
	}
	page.Draft = draft.ID
	page.FileProblems, err = p.collect(r, func(name string, content []byte) error {
		_, err := p.Disputes.Collect(r.Context(), me(r), draft.ID, name, content)
		return err
	})
	if err != nil {
		return err
	}
	form := r.Form() // now with the fields that stood behind the files
	typeDispute(&page, form)
	page.Draft = draft.ID
	if err := p.leaveOut(r, form, draft.ID); err != nil {
		return err
	}
	draft.Fields = disputeFields(page)
	if _, err := p.Disputes.Keep(r.Context(), me(r), draft); err != nil {
		return err
	}
	if err := p.taken(r, &page); err != nil {
		return err
	}
	if _, whole := p.readDispute(&page, s); !whole || len(page.FileProblems) > 0 {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	return r.SeeOther(paths.DisputeCheck(draft.ID))
}

// noRoomForDraft shows the form again as it was typed, also behind its files.
func (p *Pages) noRoomForDraft(r *web.Request, page consumer.DisputeForm) error {
	_, err := p.collect(r, func(string, []byte) error { return dispute.ErrFull })
	if err != nil {
		return err
	}
	typeDispute(&page, r.Form())
	page.FileProblems = []string{page.T(consumer.ProblemDisputeDrafts, "n", dispute.MostDrafts)}
	return r.Page(http.StatusUnprocessableEntity, page)
}

// leaveOut drops the files that the person took out again.
func (p *Pages) leaveOut(r *web.Request, form web.Form, draft string) error {
	files, err := p.Disputes.Evidence(r.Context(), draft, "")
	if err != nil {
		return err
	}
	for _, f := range files {
		if form.Text("drop_"+string(f.ID)) == "" {
			continue
		}
		if err := p.Disputes.Drop(r.Context(), me(r), f.ID); err != nil && !errors.Is(err, dispute.ErrNotFound) {
			return err
		}
	}
	return nil
}

// disputeFields are what is kept of a form, by the names of its fields.
func disputeFields(page consumer.DisputeForm) map[string]string {
	fields := map[string]string{
		"scope": string(page.Scope), "amount": page.Amount.Value, "paid_on": page.PaidOn.Value, "paid_to": page.PaidTo.Value,
		"words": page.Story.Value, "safe_contact": page.Safe.Value,
	}
	for reason, given := range page.Reasons {
		if given {
			fields["reason_"+string(reason)] = "yes"
		}
	}
	for _, l := range page.Lines {
		if l.Checked {
			fields["line_"+l.Name] = "yes"
		}
	}
	return fields
}

// fileFaults are the words for a file that is not taken.
var fileFaults = []struct {
	is    error
	words locale.Key
}{
	{dispute.ErrFileType, consumer.ProblemDisputeFileType},
	{dispute.ErrFileHEIC, consumer.ProblemDisputeFileHEIC},
	{dispute.ErrFileSize, consumer.ProblemDisputeFileSize},
	{dispute.ErrFilePixels, consumer.ProblemDisputeFilePixels},
	{dispute.ErrFileEmpty, consumer.ProblemDisputeFileEmpty},
	{dispute.ErrFileBroken, consumer.ProblemDisputeFileBroken},
	{dispute.ErrFileActive, consumer.ProblemDisputeFileActive},
	{dispute.ErrFileLocked, consumer.ProblemDisputeFileLocked},
	{dispute.ErrFull, consumer.ProblemDisputeFileMany},
	{dispute.ErrDay, consumer.ProblemDisputeFileDay},
}

// mostRead is how many files of one form are looked at.
const mostRead = 20

// collect reads the files of a form one by one, each into memory up to what one
// may have, and keeps those that are good. What is wrong with the others is
// said in words.
func (p *Pages) collect(r *web.Request, keep func(name string, content []byte) error) ([]string, error) {
	var problems []string
	var full error // why no more files have room
	for range mostRead {
		f, err := r.NextFile()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return problems, err
		}
		content, err := f.Content(dispute.MostFileBytes)
		if err != nil {
			return problems, err
		}
		if err = full; err == nil { // a file that has no room is not looked into
			err = keep(f.Name, content)
		}
		if errors.Is(err, dispute.ErrFull) || errors.Is(err, dispute.ErrDay) {
			full = err
		}
		if err != nil {
			words := fileWords(r.Base(), f.Name, err)
			if words == "" {
				return problems, err
			}
			problems = append(problems, words)
		}
	}
	return problems, nil
}

func fileWords(b consumer.Base, name string, err error) string {
	if name = strings.TrimSpace(name); len([]rune(name)) > 60 {
		name = string([]rune(name)[:60]) + "…"
	}
	for _, fault := range fileFaults {
		if errors.Is(err, fault.is) {
			return b.T(fault.words, "name", name)
		}
	}
	return ""
}

// readDispute reads what was typed and marks what cannot be taken.
func (p *Pages) readDispute(page *consumer.DisputeForm, s debt.Statement) (dispute.Filing, bool) {
	f := dispute.Filing{
		Kind: dispute.OfDebt, Scope: dispute.Scope(page.Scope), Language: page.Lang(),
		Story: dispute.Story{
			Words: strings.TrimSpace(page.Story.Value), PaidTo: strings.TrimSpace(page.PaidTo.Value), SafeContact: strings.TrimSpace(page.Safe.Value),
		},
	}
	for _, reason := range consumer.DisputeReasons {
		if page.Reasons[reason] {
			f.Reasons = append(f.Reasons, dispute.Reason(reason))
		}
	}
	for _, l := range page.Lines {
		if l.Checked {
			f.Lines = append(f.Lines, dispute.Line(l.Name))
		}
	}
	if page.NoAmounts {
		f.Scope, f.Lines = dispute.Whole, nil
	}
	whole := true
	if page.PaidOn.Value != "" {
		day, err := civil.Parse(strings.TrimSpace(page.PaidOn.Value))
		if err != nil {
			page.PaidOn.Problem, whole = page.T(consumer.ProblemDisputeDay), false
		}
		f.PaidOn = day
	}
	if f.Scope == dispute.Part {
		f.Amount = readMoney(page.Base, &page.Amount)
		whole = whole && page.Amount.Problem == ""
	}
	_, problems := dispute.Check(f, s.Debt.Itemization, max(0, s.Owed), civil.Of(p.Now().In(p.Zone)))
	markDispute(page, problems)
	return f, whole && len(problems) == 0
}

// markDispute puts each problem beside its field.
func markDispute(page *consumer.DisputeForm, problems dispute.Problems) {
	long := page.T(consumer.ProblemDisputeLong)
	for _, problem := range problems {
		switch problem.Field {
		case dispute.FieldReasons:
			page.ReasonsProblem = page.T(consumer.ProblemDisputeReasons)
		case dispute.FieldWords:
			page.Story.Problem = page.T(consumer.ProblemDisputeWords)
			if problem.Fault == dispute.TooLong {
				page.Story.Problem = long
			}
		case dispute.FieldLines:
			page.LinesProblem = page.T(consumer.ProblemDisputeLines)
		case dispute.FieldAmount:
			if problem.Fault == dispute.TooMuch {
				page.Amount.Problem = page.T(consumer.ProblemDisputeMuch, "max", page.Total)
			} else if page.Amount.Problem == "" {
				page.Amount.Problem = page.T(consumer.ProblemAmountZero)
			}
		case dispute.FieldPaidOn:
			page.PaidOn.Problem = page.T(consumer.ProblemDisputeFuture)
		case dispute.FieldPaidTo:
			page.PaidTo.Problem = long
		case dispute.FieldSafe:
			page.Safe.Problem = long
		}
	}
}

// noDispute answers what is not there, or not this person's, alike (S10).
func noDispute(err error) error {
	if errors.Is(err, dispute.ErrNotFound) {
		return web.ErrNotFound
	}
	return err
}

// onceKey is a key for a form that is sent once.
func onceKey() string { return rand.Text() }
