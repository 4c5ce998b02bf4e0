package console

import (
	"context"
	"errors"
	"net/http"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/alert"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Alerts is what the processor wants looked at; package alert's desk does.
type Alerts interface {
	List(ctx context.Context, most int) ([]alert.Alert, error)
	// See returns alert.ErrNoAlert when the alert stands otherwise by now.
	See(ctx context.Context, a alert.Alert, by string) error
}

// mostAlerts is how many are listed.
const mostAlerts = 200

func (p *Pages) alerts(r *web.Request, who identity.Staff) error {
	return p.listAlerts(r, who, http.StatusOK, false)
}

// listAlerts shows the list; changed says that the alert marked as seen stands
// otherwise by now.
func (p *Pages) listAlerts(r *web.Request, who identity.Staff, status int, changed bool) error {
	page := console.Alerts{Base: base(r, who), Changed: changed}
	all, err := p.Alerts.List(r.Context(), mostAlerts)
	if err != nil {
		return err
	}
	for _, a := range all {
		page.Alerts = append(page.Alerts, console.Alert{
			Kind: string(a.Kind), Subject: a.Subject, State: a.State, PaymentID: string(a.PaymentID), Version: a.At.UTC().Format(time.RFC3339Nano),
			At: p.local(a.At), Due: p.local(a.DueAt), Late: !a.DueAt.IsZero() && p.Now().After(a.DueAt), Seen: p.local(a.SeenAt),
		})
	}
	return r.Page(status, page)
}

func (p *Pages) local(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(p.Zone)
}

// seeAlert marks an alert as seen, as it stood on the page.
func (p *Pages) seeAlert(r *web.Request, who identity.Staff) error {
	form := r.Form()
	at, err := time.Parse(time.RFC3339Nano, form.Text("version"))
	if err == nil {
		err = p.Alerts.See(r.Context(), alert.Alert{Kind: alert.Kind(form.Text("kind")), Subject: form.Text("subject"), At: at}, string(who.ID))
	} else {
		err = alert.ErrNoAlert
	}
	if errors.Is(err, alert.ErrNoAlert) {
		return p.listAlerts(r, who, http.StatusUnprocessableEntity, true)
	}
	if err != nil {
		return err
	}
	p.record(r, who, "see alert", "")
	return r.SeeOther(paths.ConsoleAlerts)
}
