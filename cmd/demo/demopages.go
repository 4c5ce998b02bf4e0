package demo

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"

	pages "quittance/frontend/pages/demo"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/web"
)

// Routes are the pages around the portal: the clock, the phone, the books.
func (r *Rehearsal) Routes() []web.Route {
	get := func(path, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Access: web.Public, Page: page, Handler: h}
	}
	return []web.Route{
		get(paths.Demo, "demo/Home", func(q *web.Request) error { return r.home(q, http.StatusOK, "") }),
		get(paths.DemoPhone, "demo/Phone", r.phonePage),
		get(paths.DemoRecord, "demo/Record", r.recordPage),
		{
			Method: http.MethodPost, Pattern: paths.DemoClock, Access: web.Public, Page: "demo/Home", Handler: r.moveClock,
			CSRF: true, Body: web.FormBody, Deadline: web.PayDeadline,
		},
	}
}

func (r *Rehearsal) home(q *web.Request, status int, problem string) error {
	page := pages.Home{Base: desk(q), Now: r.Clock.Now().In(r.Portal.Zone()), MovedDays: r.Clock.days(), Moved: q.Query("moved") != "", Problem: problem}
	for _, a := range r.Accounts {
		born, err := civil.Parse(a.DateOfBirth)
		if err != nil {
			return err
		}
		page.Accounts = append(page.Accounts, pages.Account{Code: a.ReferenceCode, ZIP: a.PostalCode, Birth: born, About: a.About})
	}
	for _, s := range r.Staff {
		code, err := r.appCode(q.Context(), s)
		if err != nil {
			return err
		}
		page.Staff = append(page.Staff, pages.Staff{Email: s.Email, Password: s.Password, Code: code})
	}
	for _, c := range testCards {
		page.Cards = append(page.Cards, pages.Card(c))
	}
	return q.Page(status, page)
}

// testCards are the processor's own test numbers that show something.
var testCards = []struct{ Number, About string }{
	{"4242 4242 4242 4242", "credit card, works"},
	{"4000 0566 5566 5556", "debit card, works"},
	{"5105 1051 0510 5100", "prepaid card, works"},
	{"4000 0000 0000 0002", "declined"},
	{"4000 0000 0000 9995", "declined: not enough money"},
	{"4000 0025 0000 3155", "asks the bank first (3-D Secure)"},
	{"110000000 / 000123456789", "bank account, clears after four business days"},
	{"110000000 / 000222222227", "bank account, comes back on day four: not enough money"},
	{"110000000 / 000333333335", "bank account, clears and is sent back later as not authorized"},
}

const mostDays = 366

func (r *Rehearsal) moveClock(q *web.Request) error {
	days, err := strconv.Atoi(q.Form().Text("days"))
	if err != nil || days < 1 || days > mostDays {
		return r.home(q, http.StatusUnprocessableEntity, q.Desk().T(pages.ProblemDays))
	}
	if err := r.MoveDays(q.Context(), days); err != nil {
		return err
	}
	return q.SeeOther(paths.Demo + "?moved=1")
}

var AddressInText = regexp.MustCompile(`https?://\S+`)

func (r *Rehearsal) phonePage(q *web.Request) error {
	items, err := r.Phone.Items(q.Context(), 50)
	if err != nil {
		return err
	}
	page := pages.Phone{Base: desk(q)}
	for _, item := range items {
		page.Messages = append(page.Messages, pages.Message{
			At: item.Stored.CreatedAt.In(r.Portal.Zone()), To: item.To, Mail: item.Channel == contact.Email, Body: item.Plain, Link: AddressInText.FindString(item.Plain),
		})
	}
	return q.Page(http.StatusOK, page)
}

func (r *Rehearsal) recordPage(q *web.Request) error {
	lines, arrivals := r.books.read()
	page := pages.Record{Base: desk(q)}
	for _, a := range arrivals {
		page.Deliveries = append(page.Deliveries, pages.Delivery{
			At: a.At.In(r.Portal.Zone()), EventID: a.ID, Type: a.Type, Sequence: a.Sequence, Attempt: a.Attempt, Verified: !a.SignatureBad, Transaction: a.Transaction, Body: indented(a.Body),
		})
	}
	for _, l := range lines {
		page.Balances = append(page.Balances, pages.Balance{AccountRef: l.AccountRef, DebtRef: l.DebtRef, Creditor: l.Creditor, Amount: l.Placed - l.Posted, Changed: l.Posted != 0})
	}
	return q.Page(http.StatusOK, page)
}

func indented(body string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(body), "", "  ") != nil {
		return body
	}
	return out.String()
}

// desk is the frame of the demo's pages.
func desk(q *web.Request) pages.Base {
	base := q.Desk()
	base.Nav = pages.Nav(base)
	return base
}
