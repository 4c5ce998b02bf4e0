// Package consumer holds the handlers of the consumer's pages, one file for
// each. A handler parses what came, calls a service, and renders a page; what
// may be shown, paid or sent is decided below it.
package consumer

import (
	"context"
	"net/http"
	"time"

	"quittance/frontend"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Pages is everything the handlers need. All fields are required but Plans,
// Disputes, Held, Validation, Archives, Letters and Ready.
type Pages struct {
	Accounts Accounts
	Law      gate.Law // of where the consumer lives
	Payments Payments
	Pay      *payments.Service
	Plans    *plans.Service   // nil: plans are arranged by phone
	Disputes *dispute.Service // nil: disputes are taken by phone and post
	Held     *held.Service    // nil with Disputes
	// Claims and ClaimRecords take and read what happened in people's lives; nil:
	// it is said by phone.
	Claims       Claims
	ClaimRecords ClaimRecords
	Validation   Validation // nil: no notices are kept
	Archives     Archives   // nil: what is kept is asked for by phone
	Letters      Letters    // nil: there are none
	Reach        Reach
	Visits       *identity.Verifier
	Links        *identity.Links
	Sessions     *identity.Sessions
	Phrases      *identity.Phrases
	Factor       identity.FactorKind
	Assets       *frontend.Assets
	Zone         *time.Location // of the agency: days are days there
	Now          func() time.Time
	PublicURL    func(path string) string
	// PublishableKey and ScriptURL are the processor's, for its script.
	PublishableKey, ScriptURL string
	// Ready says whether the portal can serve; nil means always.
	Ready func(ctx context.Context) error
}

// Routes is the table of the consumer's addresses.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: who, Page: page, Handler: h}
	}
	post := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: who, Page: page, Handler: h, CSRF: true, Body: web.FormBody}
	}
	slow := func(r web.Route) web.Route { r.Deadline = web.PayDeadline; return r }
	quiet := func(r web.Route) web.Route { r.Quiet = true; return r }
	routes := []web.Route{
		get(paths.Start, web.Public, "Start", p.start),
		post(paths.Start, web.Public, "Start", p.postStart),
		get("/l/:token", web.Public, "Landing", p.landing),
		post("/l/:token", web.Public, "LinkEnded", p.postLink),
		post("/l/:token/again", web.Public, "LinkAsked", p.postLinkAgain),
		post("/l/:token/not-me", web.Public, "NotForMe", p.postNotMe),
		get(paths.Real, web.Public, "Real", p.real),
		post(paths.Real, web.Public, "Real", p.postReal),
		get(paths.Verify, web.Pending, "Verify", p.verify),
		post(paths.Verify, web.Pending, "Verify", p.postVerify),
		post(verifyNotMe, web.Pending, "NotForMe", p.postVerifyNotMe),
		post(paths.Digits, web.Pending, "Verify", p.postDigits),
		get(paths.Code, web.Pending, "VerifyCode", p.code),
		post(paths.Code, web.Pending, "VerifyCode", p.postCode),
		post(paths.Resend, web.Pending, "VerifyCode", p.postResend),
		get(paths.Account, web.Consumer, "Account", p.account),
		get("/debts/:id", web.Consumer, "Debt", p.debt),
		get(paths.Choose, web.Consumer, "Choose", p.choose),
		slow(post(paths.Choose, web.Consumer, "Choose", p.postChoose)),
		get("/payments/:id/method", web.Consumer, "PayMethod", p.method),
		slow(post("/payments/:id/method", web.Consumer, "PayMethod", p.postMethod)),
		get("/payments/:id/hosted", web.Consumer, "Review", p.hosted),
		slow(post("/payments/:id/hosted", web.Consumer, "Review", p.postHosted)),
		get("/payments/:id/review", web.Consumer, "Review", p.review),
		slow(post("/payments/:id/review", web.Consumer, "Review", p.postReview)),
		slow(post("/payments/:id/stop", web.Consumer, "", p.postStopPayment)),
		quiet(slow(get("/payments/:id", web.Consumer, "Outcome", p.outcome))),
		get("/receipts/:reference", web.Consumer, "Receipt", p.receipt),
		quiet(get(paths.Session, web.Public, "", p.standing)),
		post(paths.Extend, web.Consumer, "", p.extend),
		post(paths.SignOut, web.Consumer, "", p.signOut),
		get(paths.Access, web.Consumer, "Access", p.access),
		post(paths.AccessEverywhere, web.Consumer, "", p.postEverywhere),
		post(paths.AccessCode, web.Consumer, "Access", p.postAccessCode),
		get(paths.SignedOut, web.Public, "SignedOut", p.signedOut),
		post(paths.Language, web.Public, "", p.language),
		get(paths.Help, web.Public, "Help", p.help),
		get(paths.Privacy, web.Public, "Privacy", p.privacy),
		get("/healthz", web.Operator, "", p.healthy),
		get("/readyz", web.Operator, "", p.ready),
	}
	routes = append(routes, p.planRoutes()...)
	routes = append(routes, p.validationRoutes()...)
	routes = append(routes, p.letterRoutes()...)
	routes = append(routes, p.contactRoutes(get, post)...)
	routes = append(routes, p.lifeRoutes()...)
	routes = append(routes, p.recordsRoutes()...)
	for i := range routes {
		routes[i] = kept(unlessHeld(spoken(routes[i])))
	}
	for _, route := range p.disputeRoutes() {
		routes = append(routes, kept(spoken(route)))
	}
	return append(routes, web.AssetRoutes(p.Assets)...)
}

// me is the account of the session.
func me(r *web.Request) debt.AccountID { return debt.AccountID(r.Session().Subject) }
