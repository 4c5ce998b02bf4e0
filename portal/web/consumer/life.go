package consumer

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Claims takes what people say of their lives; package claim does.
type Claims interface {
	Make(ctx context.Context, r claim.Request) (claim.Claim, error)
	Died(ctx context.Context, token string, d claim.Details) error
	DiedPending(ctx context.Context, pending string, d claim.Details) error
	// Direct ends what was said of an attorney; claim.ErrNotFound, claim.ErrStands.
	Direct(ctx context.Context, r claim.Request) (claim.Claim, error)
	// Alive takes back what somebody with a link said of a death; errors as Direct.
	Alive(ctx context.Context, r claim.Request) (claim.Claim, error)
}

// ClaimRecords reads what was claimed.
type ClaimRecords interface {
	// ClaimByReference finds an account's own claim; claim.ErrNotFound.
	ClaimByReference(ctx context.Context, id debt.AccountID, reference string) (claim.Claim, error)
	// OpenClaim finds the open claim of a kind; claim.ErrNotFound.
	OpenClaim(ctx context.Context, id debt.AccountID, k claim.Kind) (claim.Claim, error)
	// PayConsent reports whether a represented person asked to pay here all the
	// same (STS-03).
	PayConsent(ctx context.Context, id debt.AccountID) (bool, error)
	// Reports lists what was said with a claim, and by whom.
	Reports(ctx context.Context, id claim.ID) ([]claim.Report, error)
}

// lives is which claim each page of the room makes.
var lives = map[consumer.LifeKind]claim.Kind{
	consumer.LifeHardship: claim.Hardship, consumer.LifeIllness: claim.Illness, consumer.LifeDisaster: claim.Disaster,
	consumer.LifeDeath: claim.Death, consumer.LifeBankruptcy: claim.Bankruptcy, consumer.LifeAttorney: claim.Attorney,
	consumer.LifeService: claim.Servicemember, consumer.LifeIdentity: claim.IdentityTheft, consumer.LifeMinor: claim.Minor,
	consumer.LifeNotMe: claim.WrongPerson,
}

// payAnyway is the version of the sentence by which a represented person asks to
// pay here themselves.
const payAnyway = "life.pay_anyway/1"

func (p *Pages) lifeRoutes() []web.Route {
	get := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: who, Page: page, Handler: h}
	}
	post := func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: who, Page: page, Handler: h, CSRF: true, Body: web.FormBody}
	}
	files := func(r web.Route) web.Route { r.Body, r.Deadline = web.FilesBody, web.FilesDeadline; return r }
	return []web.Route{
		get("/help/done/:reference", web.Consumer, "LifeDone", p.lifeDone),
		files(post("/help/done/:reference/files", web.Consumer, "LifeDone", p.postLifeFiles)),
		get("/help/:kind", web.Consumer, "Life", p.life),
		post("/help/:kind", web.Consumer, "Life", p.postLife),
		get(paths.LifeDirect, web.Consumer, "LifeDirect", p.direct),
		post(paths.LifeDirect, web.Consumer, "LifeDirect", p.postDirect),
		get(paths.LifeAlive, web.Consumer, "LifeAlive", p.alive),
		post(paths.LifeAlive, web.Consumer, "LifeAlive", p.postAlive),
		get("/l/:token/died", web.Public, "Died", p.died),
		post("/l/:token/died", web.Public, "Died", p.postDied),
		get(paths.VerifyDied, web.Pending, "Died", p.verifyDied),
		post(paths.VerifyDied, web.Pending, "Died", p.postVerifyDied),
	}
}

// life says what will happen at once, and takes what may be added.
func (p *Pages) life(r *web.Request) error {
	form, _ := r.KeptForm()
	page, err := p.lifePage(r, form)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// postLife lets a claim take effect.
func (p *Pages) postLife(r *web.Request) error {
	page, err := p.lifePage(r, r.Form())
	if err != nil {
		return err
	}
	details, ok := readLife(&page, r.Form())
	if !ok {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	made, err := p.Claims.Make(r.Context(), claim.Request{
		AccountID: me(r), Kind: lives[page.Kind], Door: claim.ByConsumer, By: bySession(r), Details: details,
	})
	if err != nil {
		return err
	}
	if page.Kind != consumer.LifeNotMe {
		return r.SeeOther(paths.LifeDone(made.Reference))
	}
	// A stranger is shown nothing more of the account.
	if err := p.Sessions.EndAll(r.Context(), string(me(r)), "wrong person"); err != nil {
		return err
	}
	r.SignOut()
	return r.Page(http.StatusOK, p.donePage(r, made))
}

// directly is the version of the sentence by which a person ends what they said
// of a lawyer.
const directly = "life.direct_sure/1"

// direct asks once more before what was said of a lawyer ends (STS-03).
func (p *Pages) direct(r *web.Request) error {
	if p.Claims == nil {
		return web.ErrNotFound
	}
	return r.Page(http.StatusOK, consumer.LifeDirect{Base: r.Base()})
}

func (p *Pages) postDirect(r *web.Request) error {
	page := consumer.LifeDirect{Base: r.Base()}
	if p.Claims == nil {
		return web.ErrNotFound
	}
	if r.Form().Text("sure") != "yes" {
		page.Problem = page.T(consumer.ProblemLifeDirect)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	_, err := p.Claims.Direct(r.Context(), claim.Request{
		AccountID: me(r), Kind: claim.Attorney, Door: claim.ByConsumer, By: bySession(r), Details: claim.Details{Direct: directly},
	})
	if errors.Is(err, claim.ErrNotFound) || errors.Is(err, claim.ErrStands) {
		page.Stands = true
		return r.Page(http.StatusConflict, page)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(paths.Account)
}

// living is the version of the words by which a person takes back that they died.
const living = "life.alive/1"

// doubted reports whether whoever signed in is to be asked about a death that
// somebody with a link told us of (STS-02).
func (p *Pages) doubted(r *web.Request) (bool, error) {
	if p.Claims == nil || r.Session().Speaker.ID != "" {
		return false, nil
	}
	c, err := p.ClaimRecords.OpenClaim(r.Context(), me(r), claim.Death)
	if errors.Is(err, claim.ErrNotFound) {
		return false, nil
	}
	return err == nil && c.Doubted(), err
}

func (p *Pages) alive(r *web.Request) error {
	asked, err := p.doubted(r)
	if err != nil {
		return err
	}
	if !asked {
		return r.SeeOther(paths.Account)
	}
	return r.Page(http.StatusOK, consumer.LifeAlive{Base: r.Base()})
}

func (p *Pages) postAlive(r *web.Request) error {
	if p.Claims == nil {
		return web.ErrNotFound
	}
	_, err := p.Claims.Alive(r.Context(), claim.Request{
		AccountID: me(r), Kind: claim.Death, Door: claim.ByConsumer, By: bySession(r), Details: claim.Details{Alive: living},
	})
	switch {
	case errors.Is(err, claim.ErrStands):
		return r.Page(http.StatusConflict, consumer.LifeAlive{Base: r.Base(), Stands: true})
	case err != nil && !errors.Is(err, claim.ErrNotFound): // pressed twice it counts once
		return err
	}
	return r.SeeOther(paths.Account)
}

// lifeDone says what was stopped.
func (p *Pages) lifeDone(r *web.Request) error {
	made, err := p.told(r)
	if err != nil {
		return err
	}
	page, err := p.lifeDonePage(r, made)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) donePage(r *web.Request, c claim.Claim) consumer.LifeDone {
	page := consumer.LifeDone{
		Base: r.Base(), Reference: c.Reference, Stopped: consumer.LifeStopped(c.Stopped), PayAnyway: !c.ConsentAt.IsZero(),
	}
	for kind, of := range lives {
		if of == c.Kind {
			page.Kind = kind
		}
	}
	if !c.Until.IsZero() {
		page.Until = view{zone: p.Zone}.dayOf(c.Until)
	}
	return page
}

func (p *Pages) lifePage(r *web.Request, form web.Form) (consumer.Life, error) {
	kind := consumer.LifeKind(r.Param("kind"))
	of, known := lives[kind]
	if !known || p.Claims == nil {
		return consumer.Life{}, web.ErrNotFound
	}
	effect, _ := of.Effect()
	in := func(name string) consumer.Input { return consumer.Input{Value: form.Typed(name)} }
	return consumer.Life{
		Base: r.Base(), Kind: kind, Days: effect.Days, CaseNumber: in("case_number"), Name: in("name"), Phone: in("phone"),
		Email: in("email"), Relation: in("relation"), Chapter: form.Typed("chapter"), PayAnyway: form.Has("pay_anyway"),
	}, nil
}

// readLife reads what was added and marks what cannot be. Everything may stay
// empty.
func readLife(page *consumer.Life, form web.Form) (claim.Details, bool) {
	d := claim.Details{CaseNumber: form.Text("case_number"), Name: form.Text("name"), Relation: form.Text("relation")}
	if chapter := form.Text("chapter"); slices.Contains(claim.Chapters(), chapter) {
		d.Chapter = chapter
	}
	d.Phone, page.Phone.Problem = readPhone(page.Base, form)
	if typed := form.Text("email"); typed != "" {
		if d.Email = contact.EmailAddress(typed); d.Email == "" {
			page.Email.Problem = page.T(consumer.ProblemLifeEmail)
		}
	}
	if page.Kind == consumer.LifeAttorney && form.Has("pay_anyway") {
		d.PayAnyway = payAnyway
	}
	return d, page.Phone.Problem == "" && page.Email.Problem == ""
}

func readPhone(b consumer.Base, form web.Form) (number, problem string) {
	typed := form.Text("phone")
	if number = contact.Phone(typed); typed != "" && number == "" {
		return "", b.T(consumer.ProblemLifePhone)
	}
	return number, ""
}

// died is asked of whoever holds a link. It asks the store for nothing and shows
// nothing personal (SMS-05).
func (p *Pages) died(r *web.Request) error {
	token := r.Param("token")
	if !identity.IsToken(token) || p.Claims == nil {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: r.Base()})
	}
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, diedPage(r, paths.Died(token), form))
}

func (p *Pages) postDied(r *web.Request) error {
	return p.report(r, paths.Died(r.Param("token")), func(ctx context.Context, d claim.Details) error {
		return p.Claims.Died(ctx, r.Param("token"), d)
	})
}

// verifyDied is the same one page later, for those who came by a link.
func (p *Pages) verifyDied(r *web.Request) error {
	if path, err := p.Visits.Waiting(r.PendingToken()); err != nil || path != identity.ByLink || p.Claims == nil {
		return p.startAgain(r)
	}
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, diedPage(r, paths.VerifyDied, form))
}

func (p *Pages) postVerifyDied(r *web.Request) error {
	return p.report(r, paths.VerifyDied, func(ctx context.Context, d claim.Details) error {
		return p.Claims.DiedPending(ctx, r.PendingToken(), d)
	})
}

// report thanks whoever says so, also for a link that never was: nothing is
// confirmed (STS-02).
func (p *Pages) report(r *web.Request, action string, tell func(context.Context, claim.Details) error) error {
	page := diedPage(r, action, r.Form())
	d := claim.Details{Name: r.Form().Text("name"), Relation: r.Form().Text("relation")}
	if d.Phone, page.Phone.Problem = readPhone(page.Base, r.Form()); page.Phone.Problem != "" {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if p.Claims == nil {
		return web.ErrNotFound
	}
	if err := tell(r.Context(), d); err != nil && !errors.Is(err, identity.ErrLinkEnded) && !errors.Is(err, identity.ErrPending) {
		return err
	}
	r.ClearPending()
	return r.Page(http.StatusOK, consumer.DiedDone{Base: r.Base()})
}

func diedPage(r *web.Request, action string, form web.Form) consumer.Died {
	return consumer.Died{
		Base: r.Base(), Action: action, Name: consumer.Input{Value: form.Typed("name")},
		Relation: consumer.Input{Value: form.Typed("relation")}, Phone: consumer.Input{Value: form.Typed("phone")},
	}
}
