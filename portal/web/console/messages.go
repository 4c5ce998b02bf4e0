package console

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// mostWaiting is how many unanswered threads are listed.
const mostWaiting = 100

// unanswered lists threads in which the consumer wrote last, the longest wait
// first.
func (p *Pages) unanswered(r *web.Request, who identity.Staff) error {
	page := console.Unanswered{Base: base(r, who)}
	waiting, err := p.Thread.Notes.Unanswered(r.Context(), mostWaiting)
	for _, w := range waiting {
		page.Threads = append(page.Threads, console.WaitingThread{AccountID: string(w.AccountID), AccountRef: w.AccountRef, Since: w.Since.In(p.Zone)})
	}
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// messages is one thread; who looks is recorded.
func (p *Pages) messages(r *web.Request, who identity.Staff) error {
	page, err := p.messagesPage(r, who)
	if err != nil {
		return err
	}
	p.record(r, who, "read messages", page.AccountID)
	return r.Page(http.StatusOK, page)
}

// answerMessage keeps an answer and, if the consumer may be written to, tells
// them that it is there.
func (p *Pages) answerMessage(r *web.Request, who identity.Staff) error {
	page, err := p.messagesPage(r, who)
	if err != nil {
		return err
	}
	told, err := p.Thread.Answer(r.Context(), debt.AccountID(page.AccountID), "staff:"+string(who.ID), r.Form().Typed("words"))
	if errors.Is(err, talk.ErrEmpty) || errors.Is(err, talk.ErrLong) {
		page.Words, page.Problem = r.Form().Typed("words"), page.T("console.answer_problem")
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	p.record(r, who, "answer message", page.AccountID)
	if page, err = p.messagesPage(r, who); err != nil {
		return err
	}
	page.Told = page.T("console.told")
	if told.Channel == "" {
		page.Told = page.T("console.not_told") + " " + closed(page.Base, told.Reason, told.Rule)
		p.refused(r, who, page.AccountID, told.Reason, told.Rule)
	}
	return r.Page(http.StatusOK, page)
}

// refused tells the log which rule stood against a message, by ids only.
func (p *Pages) refused(r *web.Request, who identity.Staff, account, reason, rule string) {
	p.Log.Info("message refused", "staff", who.ID, "account", account, "reason", reason, "rule", rule, "reference", r.Reference())
}

func (p *Pages) messagesPage(r *web.Request, who identity.Staff) (console.Thread, error) {
	page := console.Thread{Base: base(r, who), MayAnswer: who.HasAny(callers)}
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return page, err
	}
	page.AccountID, page.AccountRef, page.Name = string(account.ID), account.Ref, name(account)
	notes, err := p.Thread.Read(r.Context(), account.ID)
	for _, n := range notes {
		page.Notes = append(page.Notes, console.ThreadNote{Theirs: n.By == talk.Consumer, Words: n.Words, At: n.At.In(p.Zone)})
	}
	if err != nil {
		return page, err
	}
	refused, err := p.Thread.Book.Refusals.RefusalsOf(r.Context(), account.ID)
	for _, f := range refused {
		page.Refused = append(page.Refused, console.RefusedMessage{Kind: string(f.Channel), Why: closed(page.Base, string(f.Reason), f.Rule), At: f.At.In(p.Zone)})
	}
	if err != nil {
		return page, err
	}
	page.Sent, err = p.sentMessages(r.Context(), page.Base, account.ID)
	return page, err
}
