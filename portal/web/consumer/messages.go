package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// messages is the thread with the agency.
func (p *Pages) messages(r *web.Request) error {
	page, err := p.messagesPage(r)
	if err != nil {
		return err
	}
	page.Sent, page.Stopped = r.Query("sent") != "", r.Query("sent") == "stopped"
	if form, kept := r.KeptForm(); kept {
		page.Text.Value = form.Typed("words")
	}
	return r.Page(http.StatusOK, page)
}

// postMessages takes what the consumer wrote.
func (p *Pages) postMessages(r *web.Request) error {
	stopped, err := p.Reach.Thread.Write(r.Context(), me(r), r.Form().Typed("words"))
	switch {
	case errors.Is(err, talk.ErrEmpty), errors.Is(err, talk.ErrLong):
		page, failed := p.messagesPage(r)
		if failed != nil {
			return failed
		}
		page.Text = consumer.Input{Value: r.Form().Typed("words"), Problem: page.T(consumer.ProblemWordsMissing)}
		if errors.Is(err, talk.ErrLong) {
			page.Text.Problem = page.T(consumer.ProblemWordsLong)
		}
		return r.Page(http.StatusUnprocessableEntity, page)
	case err != nil:
		return err
	case stopped:
		return r.SeeOther(paths.Messages + "?sent=stopped")
	}
	return r.SeeOther(paths.Messages + "?sent=1")
}

func (p *Pages) messagesPage(r *web.Request) (consumer.Messages, error) {
	page := consumer.Messages{Base: r.Base()}
	notes, err := p.Reach.Thread.Read(r.Context(), me(r))
	for _, n := range notes {
		page.Notes = append(page.Notes, consumer.Note{Mine: n.By == talk.Consumer, Words: n.Words, At: n.At.In(p.Zone)})
	}
	return page, err
}
