// Package console holds the handlers of the collectors' pages. Every look at an
// account is recorded with the name of who looked, by ids only.
package console

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"quittance/frontend/layouts"
	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// Pages is everything the handlers need. All fields are required.
type Pages struct {
	Accounts        Accounts // each look is written down by whoever gives them
	Law             gate.Law // of where the consumer lives
	Audit           Audit
	Refusals        Refusals
	LookKey         []byte // seals which look an open page belongs to
	Sights          Sights
	Holds           LegalHolds
	Claims          Claims
	Notices         Notices
	Letters         Letters
	Alerts          Alerts
	Rows            Rows
	Held            Held
	Credits         Credits
	Refunds         Refunds
	Stopper         Stopper
	Paid            Paid
	Messages        Messages
	People          People
	Access          Access
	Doors           Doors
	Webhooks        Webhooks
	Disputes        *dispute.Service
	Representatives Representatives
	BornFactor      bool // people are matched by their date of birth, not their ZIP code
	Codes           *identity.Codes
	Links           *identity.Links
	Thread          *talk.Thread
	Door            *identity.Desk
	Sessions        *identity.Sessions // of collectors
	Outbox          *outbox.Desk
	Zone            *time.Location // of the agency
	Now             func() time.Time
	Log             *slog.Logger
}

// Routes is the table of the console's addresses.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: who, Page: page, Handler: h}
	}
	post := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: who, Page: page, Handler: h, CSRF: true, Body: web.FormBody}
	}
	caller := func(h handler) func(*web.Request) error { return p.as(h, callers...) }
	reader := func(h handler) func(*web.Request) error { return p.as(h, readers...) }
	compliance := func(h handler) func(*web.Request) error { return p.as(h, deciders...) }
	finance := func(h handler) func(*web.Request) error { return p.as(h, cashiers...) }
	quiet := func(r web.Route) web.Route { r.Quiet = true; return r }
	large := func(r web.Route) web.Route { r.Large = true; return r }
	answer := func(r web.Route) web.Route { r.Body, r.Deadline = web.FilesBody, web.FilesDeadline; return r }
	return []web.Route{
		get(paths.ConsoleSignIn, web.Public, "SignIn", p.signIn),
		post(paths.ConsoleSignIn, web.Public, "SignIn", p.postSignIn),
		post(paths.ConsoleSignOut, web.Staff, "", p.signOut),
		get(paths.ConsoleSecondStep, web.Public, "SecondStep", p.secondStep),
		post(paths.ConsoleSecondStep, web.Public, "SecondStep", p.postSecondStep),
		get(paths.ConsoleApp, web.Public, "App", p.firstApp),
		post(paths.ConsoleApp, web.Public, "App", p.postFirstApp),
		get(paths.ConsoleSecurity, web.Staff, "Security", p.as(p.security, identity.Roles...)),
		post(paths.ConsoleSecuritySessions, web.Staff, "Security", p.as(p.endSession, identity.Roles...)),
		get(paths.ConsoleSecurityCodes, web.Staff, "RecoveryCodes", p.as(p.newCodes, identity.Roles...)),
		post(paths.ConsoleSecurityCodes, web.Staff, "Security", p.as(p.renewCodes, identity.Roles...)),
		get(paths.ConsoleSecurityApp, web.Staff, "App", p.as(p.nextApp, identity.Roles...)),
		post(paths.ConsoleSecurityApp, web.Staff, "App", p.as(p.postNextApp, identity.Roles...)),
		get("/console/invitations/:token", web.Public, "Password", p.invitation),
		post("/console/invitations/:token", web.Public, "Password", p.postInvitation),
		get(paths.ConsolePassword, web.Staff, "Password", p.as(p.password, identity.Roles...)),
		post(paths.ConsolePassword, web.Staff, "Password", p.as(p.postPassword, identity.Roles...)),
		get(paths.Console, web.Staff, "Home", p.as(p.home, identity.Roles...)),
		post(paths.ConsoleSearch, web.Staff, "Home", reader(p.search)),
		quiet(get("/console/accounts/:id", web.Staff, "Account", reader(p.account))),
		get("/console/accounts/:id/access", web.Staff, "Access", caller(p.access)),
		post("/console/accounts/:id/access/clear", web.Staff, "Access", caller(p.clearAccess)),
		post("/console/accounts/:id/access/renew", web.Staff, "Access", caller(p.renewCode)),
		get(paths.ConsoleDoors, web.Staff, "Doors", caller(p.doors)),
		get("/console/accounts/:id/seen", web.Staff, "Seen", reader(p.seen)),
		get("/console/accounts/:id/seen/:number", web.Staff, "Replay", reader(p.again)),
		post("/console/accounts/:id/links", web.Staff, "Account", caller(p.sendLink)),
		post("/console/accounts/:id/payments/:payment/stop", web.Staff, "Account", caller(p.stopPayment)),
		get("/console/accounts/:id/representatives", web.Staff, "Representatives", reader(p.representatives)),
		post("/console/accounts/:id/representatives", web.Staff, "Representatives", compliance(p.recordRepresentative)),
		post("/console/accounts/:id/representatives/:representative/end", web.Staff, "Representatives", compliance(p.endRepresentative)),
		get(paths.ConsoleClaims, web.Staff, "Claims", compliance(p.claims)),
		large(get("/console/claims/:id/files/:file", web.Staff, "", compliance(p.claimFile))),
		get(paths.ConsoleDisputes, web.Staff, "Disputes", compliance(p.disputes)),
		get("/console/disputes/:id", web.Staff, "Dispute", compliance(p.dispute)),
		answer(post("/console/disputes/:id", web.Staff, "Dispute", compliance(p.answerDispute))),
		post("/console/disputes/:id/close", web.Staff, "Dispute", compliance(p.closeDispute)),
		large(get("/console/disputes/:id/files/:file", web.Staff, "", compliance(p.disputeFile))),
		get(paths.ConsoleRows, web.Staff, "Rows", compliance(p.rows)),
		post(paths.ConsoleRows, web.Staff, "Rows", compliance(p.decideRow)),
		get(paths.ConsoleNotices, web.Staff, "Notices", compliance(p.notices)),
		get(paths.ConsoleMessages, web.Staff, "Unanswered", caller(p.unanswered)),
		get(paths.ConsoleWishes, web.Staff, "Wishes", compliance(p.wishes)),
		get("/console/accounts/:id/wishes", web.Staff, "Wish", compliance(p.wish)),
		post("/console/accounts/:id/wishes", web.Staff, "Wish", compliance(p.readWish)),
		get("/console/accounts/:id/messages", web.Staff, "Thread", reader(p.messages)),
		post("/console/accounts/:id/messages", web.Staff, "Thread", caller(p.answerMessage)),
		get(paths.ConsoleWebhooks, web.Staff, "Webhooks", finance(p.webhooks)),
		get(paths.ConsoleAlerts, web.Staff, "Alerts", finance(p.alerts)),
		post(paths.ConsoleAlerts, web.Staff, "Alerts", finance(p.seeAlert)),
		get(paths.ConsoleHeld, web.Staff, "Held", finance(p.held)),
		post(paths.ConsoleHeld, web.Staff, "Held", finance(p.decideHeld)),
		get(paths.ConsoleCredits, web.Staff, "Credits", finance(p.credits)),
		post("/console/credits/:id", web.Staff, "Credits", finance(p.postCredit)),
		get(paths.ConsoleRefunds, web.Staff, "Refunds", finance(p.refunds)),
		post(paths.ConsoleRefunds, web.Staff, "Refunds", finance(p.postRefund)),
		post(paths.ConsoleReplay, web.Staff, "Webhooks", finance(p.replay)),
	}
}

// Who opens what. Whoever collects decides nothing that stands against collecting: disputes,
// claims, what consumers wrote that may be a right, and rows that make a status less strict.
var (
	callers  = []identity.Role{identity.RoleCollector, identity.RoleSupervisor}
	readers  = []identity.Role{identity.RoleCollector, identity.RoleSupervisor, identity.RoleCompliance}
	deciders = []identity.Role{identity.RoleCompliance}
	cashiers = []identity.Role{identity.RoleFinance, identity.RoleAdmin}
)

// queues are who opens what the bar leads to.
var queues = map[string][]identity.Role{
	paths.Console: identity.Roles, paths.ConsoleMessages: callers,
	paths.ConsoleClaims: deciders, paths.ConsoleDisputes: deciders, paths.ConsoleWishes: deciders, paths.ConsoleRows: deciders, paths.ConsoleNotices: deciders,
	paths.ConsoleWebhooks: cashiers, paths.ConsoleAlerts: cashiers, paths.ConsoleHeld: cashiers, paths.ConsoleCredits: cashiers,
}

// handler is a handler that knows who asks.
type handler func(r *web.Request, who identity.Staff) error

// as lets in who has one of the roles. To others the page does not exist (S10).
func (p *Pages) as(h handler, roles ...identity.Role) func(*web.Request) error {
	return func(r *web.Request) error {
		who, err := p.Door.Who(r.Context(), r.Session())
		if errors.Is(err, identity.ErrNoSession) {
			r.StaffSignOut()
			return r.SeeOther(paths.ConsoleSignIn)
		}
		if err != nil {
			return err
		}
		if !who.HasAny(roles) {
			return web.ErrNotFound
		}
		return p.noted(h)(r, who)
	}
}

// noted writes down what is asked to be changed, before it is: what cannot be
// written down is not done.
func (p *Pages) noted(h handler) handler {
	return func(r *web.Request, who identity.Staff) error {
		if r.Changes() {
			if err := p.Audit.Note(r.Context(), "console.asked", "", r.Route(), r.Reference()); err != nil {
				return web.Unready(err)
			}
		}
		return h(r, who)
	}
}

// base is the frame of a page for who is signed in.
func base(r *web.Request, who identity.Staff) console.Base {
	b := r.Desk()
	b.Staff, b.SignOut, b.Security = who.Name, paths.ConsoleSignOut, paths.ConsoleSecurity
	b.Finds = who.HasAny(readers)
	b.Nav = slices.DeleteFunc(console.Nav(b), func(w layouts.Way) bool { return !who.HasAny(queues[w.Href]) })
	return b
}

// record writes down who did what, by ids. What was done is done: a row that
// cannot be written is told to the log.
func (p *Pages) record(r *web.Request, who identity.Staff, what, id string) {
	if err := p.Audit.Note(r.Context(), "console."+strings.ReplaceAll(what, " ", "_"), id, r.Reference()); err != nil {
		p.Log.Error("the audit log could not be written", "error", err, "reference", r.Reference())
	}
	p.Log.Info("console", "staff", who.ID, "did", what, "account", id, "reference", r.Reference())
}
