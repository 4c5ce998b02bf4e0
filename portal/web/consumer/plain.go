package consumer

import (
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/web"
)

// Subjects of the help page to which printed addresses lead.
const (
	aboutWrong = string(consumer.AboutWrong)
	aboutProof = string(consumer.AboutProof)
)

// help opens at a subject. Before the identity check only the two that say
// nothing of a debt are open (DSC-04).
func (p *Pages) help(r *web.Request) error {
	base := r.Base()
	about := consumer.About(r.Query("about"))
	switch about {
	case consumer.AboutCode, consumer.AboutIdentity:
	case consumer.AboutPlan, consumer.AboutWrong, consumer.AboutHelp, consumer.AboutProof, consumer.AboutCredit:
		if !base.SignedIn {
			about = consumer.AboutCode
		}
	default:
		about = consumer.AboutCode
		if base.SignedIn {
			about = consumer.AboutHelp
		}
	}
	base.Path = paths.HelpAbout(string(about))
	if about == consumer.AboutHelp {
		return r.Page(http.StatusOK, consumer.HelpRoom{Base: base, Plans: p.Plans != nil})
	}
	return r.Page(http.StatusOK, consumer.Help{Base: base, About: about})
}

func (p *Pages) privacy(r *web.Request) error {
	return r.Page(http.StatusOK, consumer.Privacy{Base: r.Base()})
}

// printed are the short addresses that stand in notices and never change.
func (p *Pages) printed(about string) func(*web.Request) error {
	return func(r *web.Request) error { return r.SeeOther(paths.HelpAbout(about)) }
}

func (p *Pages) healthy(r *web.Request) error {
	return r.Bytes(http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// ready says in one word whether this process should get requests; why not
// stands in the log.
func (p *Pages) ready(r *web.Request) error {
	if p.Ready != nil {
		if err := p.Ready(r.Context()); err != nil {
			return web.Unready(err)
		}
	}
	return r.Bytes(http.StatusOK, "text/plain; charset=utf-8", []byte("ready\n"))
}
