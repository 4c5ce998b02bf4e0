package console

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"quittance/frontend/locale"
	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// mostDisputes is how many the queue lists.
const mostDisputes = 200

// disputes is the queue: what is open, the earliest due first.
func (p *Pages) disputes(r *web.Request, who identity.Staff) error {
	open, err := p.Disputes.List(r.Context(), debt.AllCreditors(), dispute.Query{State: dispute.Open, Limit: mostDisputes})
	if err != nil {
		return err
	}
	page := console.Disputes{Base: base(r, who)}
	for _, d := range open {
		page.Lines = append(page.Lines, p.disputeLine(d))
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) disputeLine(d dispute.Dispute) console.DisputeLine {
	return console.DisputeLine{
		ID: string(d.ID), Reference: d.Reference, DebtRef: d.DebtRef, Kind: string(d.Kind), Disputed: d.Disputed, Whole: d.HoldAmount() == 0,
		Opened: d.OpenedAt.In(p.Zone), Due: d.AnswerBy, Late: p.past(d.AnswerBy),
	}
}

// dispute is one, with what the consumer wrote and sent. The look is recorded.
func (p *Pages) dispute(r *web.Request, who identity.Staff) error {
	page, err := p.disputePage(r, who)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// answersTo is what may be sent in answer to each kind.
var answersTo = map[dispute.Kind][]string{
	dispute.Creditor: {string(dispute.CreditorSent)}, dispute.Complaint: {string(dispute.Replied)},
}

func (p *Pages) disputePage(r *web.Request, who identity.Staff) (console.Dispute, error) {
	d, err := p.Disputes.Dispute(r.Context(), dispute.ID(r.Param("id")))
	if err != nil {
		return console.Dispute{}, noDispute(err)
	}
	p.record(r, who, "read dispute", string(d.AccountID))
	page := console.Dispute{
		Base: base(r, who), DisputeLine: p.disputeLine(d), AccountID: string(d.AccountID), Story: d.Story.Words, PaidTo: d.Story.PaidTo,
		Safe: d.Story.SafeContact, PaidOn: d.PaidOn, Timely: d.Timely, Outcomes: answersTo[d.Kind],
	}
	if d.Kind == dispute.OfDebt {
		page.Outcomes = []string{string(dispute.Verified)}
	}
	if d.Earlier != "" {
		earlier, err := p.Disputes.Dispute(r.Context(), d.Earlier)
		if err != nil {
			return page, err
		}
		page.Repeats, page.Outcomes = earlier.Reference, append(page.Outcomes, string(dispute.Duplicative))
	}
	for _, reason := range d.Reasons {
		page.Reasons = append(page.Reasons, string(reason))
	}
	if last, ended := d.Last(); ended {
		page.Ended, page.EndedOn = string(last.Outcome), civil.Of(last.At.In(p.Zone))
	}
	files, err := p.Disputes.Evidence(r.Context(), "", d.ID)
	page.Files = fileLines(files)
	return page, err
}

func fileLines(files []dispute.File) []console.DisputeFile {
	var lines []console.DisputeFile
	for _, f := range files {
		lines = append(lines, console.DisputeFile{
			ID: string(f.ID), Type: f.Type, Bytes: f.Size, Open: f.Scan.Shown(), Unscanned: f.Scan == dispute.ScanOff, Ours: f.From == dispute.FromCollector,
		})
	}
	return lines
}

// refusals are the words for an answer that is not taken.
var refusals = []struct {
	is    error
	words locale.Key
}{
	{dispute.ErrNoProof, console.DisputeNoProof}, {dispute.ErrNoConsent, console.DisputeNoConsent}, {dispute.ErrNoFavor, console.DisputeNoFavor},
	{dispute.ErrNotNow, console.DisputeEnded}, {dispute.ErrFile, console.DisputeBadFile},
}

// answerDispute ends a hold on proof, by the service that the API uses too.
func (p *Pages) answerDispute(r *web.Request, who identity.Staff) error {
	paper, err := readPaper(r)
	if err != nil {
		return err
	}
	form := r.Form()
	sent, _ := civil.Parse(form.Text("sent_on")) // a day that is none is no proof
	_, err = p.Disputes.Answer(r.Context(), dispute.ID(r.Param("id")), dispute.Proof{
		Outcome: dispute.Outcome(form.Text("outcome")), DocumentID: form.Text("document_id"), Method: form.Text("method"), SentOn: sent,
		By: "staff:" + string(who.ID),
	}, paper)
	if err != nil {
		return p.refuseAnswer(r, who, form, err)
	}
	p.record(r, who, "answer dispute", "")
	return r.SeeOther(paths.ConsoleDispute(r.Param("id")))
}

// readPaper reads the one document that may come along.
func readPaper(r *web.Request) (*dispute.Paper, error) {
	f, err := r.NextFile()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	content, err := f.Content(dispute.MostFileBytes)
	if err != nil {
		return nil, err
	}
	if _, err := r.NextFile(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return &dispute.Paper{Name: f.Name, Content: content}, nil
}

func (p *Pages) refuseAnswer(r *web.Request, who identity.Staff, form web.Form, why error) error {
	for _, refusal := range refusals {
		if !errors.Is(why, refusal.is) {
			continue
		}
		page, err := p.disputePage(r, who)
		if err != nil {
			return err
		}
		page.Problem, page.Faults = refusal.words, p.answerFaults(form, why)
		page.Chose, page.DocumentID, page.Method, page.SentOn = form.Text("outcome"), form.Text("document_id"), form.Text("method"), form.Text("sent_on")
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	return noDispute(why)
}

// answerFaults says which fields of an answer are to be put right.
func (p *Pages) answerFaults(form web.Form, why error) map[string]locale.Key {
	switch {
	case errors.Is(why, dispute.ErrFile):
		return map[string]locale.Key{"paper": console.DisputeFaultFile}
	case errors.Is(why, dispute.ErrNoConsent):
		return map[string]locale.Key{"method": console.DisputeFaultConsent}
	case !errors.Is(why, dispute.ErrNoProof):
		return nil
	}
	faults := map[string]locale.Key{}
	if form.Text("document_id") == "" {
		faults["document_id"] = console.DisputeFaultNumber
	}
	if form.Text("method") == "" {
		faults["method"] = console.DisputeFaultMethod
	}
	switch sent, err := civil.Parse(form.Text("sent_on")); {
	case err != nil || sent.IsZero():
		faults["sent_on"] = console.DisputeFaultDay
	case civil.Of(p.Now().UTC()).Before(sent):
		faults["sent_on"] = console.DisputeFaultFuture
	}
	if form.Text("outcome") == "" || len(faults) == 0 {
		faults["outcome"] = console.DisputeFaultOutcome
	}
	return faults
}

// closeDispute ends a dispute in the consumer's favor, where the debt stands so.
func (p *Pages) closeDispute(r *web.Request, who identity.Staff) error {
	_, err := p.Disputes.Close(r.Context(), dispute.ID(r.Param("id")), "staff:"+string(who.ID))
	if err != nil {
		return p.refuseAnswer(r, who, web.Form{}, err)
	}
	p.record(r, who, "close dispute", "")
	return r.SeeOther(paths.ConsoleDispute(r.Param("id")))
}

// disputeFile hands a file out as a download, if it is known to be harmless or
// there is no scanner.
func (p *Pages) disputeFile(r *web.Request, who identity.Staff) error {
	f, content, err := p.Disputes.Read(r.Context(), dispute.ID(r.Param("id")), dispute.FileID(r.Param("file")))
	if err != nil {
		return noDispute(err)
	}
	return p.handOut(r, who, f, content)
}

// handOut writes down who was given a file.
func (p *Pages) handOut(r *web.Request, who identity.Staff, f dispute.File, content []byte) error {
	p.record(r, who, "read evidence", string(f.AccountID))
	return r.Download(strings.TrimPrefix(string(f.ID), "fil_")+dispute.Extension(f.Type), f.Type, content)
}

func noDispute(err error) error {
	if errors.Is(err, dispute.ErrNotFound) {
		return web.ErrNotFound
	}
	return err
}
