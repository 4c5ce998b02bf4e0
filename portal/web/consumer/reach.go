package consumer

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// Reach is what the pages about contact need. All fields are required.
type Reach struct {
	Book     *contact.Book
	Thread   *talk.Thread
	Ceasing  *talk.Ceasing
	Changing *talk.Changing
	Sealer   Sealer
	Language Languages
	Lettered Lettered
}

// Lettered lists the changes of contact that the contact on file before hears of
// by letter alone.
type Lettered interface {
	LetteredChanges(ctx context.Context, id debt.AccountID, since time.Time) ([]talk.Change, error)
}

// toldFor is how long the account says that a contact was changed.
const toldFor = 30 * 24 * time.Hour

// contactsTold are the changes of late that nobody could be written to about.
func (p *Pages) contactsTold(r *web.Request) ([]consumer.ContactTold, error) {
	changes, err := p.Reach.Lettered.LetteredChanges(r.Context(), me(r), p.Now().Add(-toldFor))
	var told []consumer.ContactTold
	for _, c := range changes {
		told = append(told, consumer.ContactTold{Part: consumer.ReachPart(c.What), On: civil.Of(c.DoneAt.In(p.Zone))})
	}
	return told, err
}

// Sealer hides and opens what people say in their own words; seal.Box is one.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}

// Languages keeps the language in which a person wants to be written to.
type Languages interface {
	SaveConsumer(ctx context.Context, a debt.Account, now time.Time) error
}

// contactRoutes are the addresses about how people are reached.
func (p *Pages) contactRoutes(get, post route) []web.Route {
	return []web.Route{
		get("/o/:token", web.Public, "Stop", p.stop),
		{Method: http.MethodPost, Pattern: "/o/:token", Access: web.Hook, Body: web.AnyForm, Page: "Stopped", Handler: p.postStop},
		get(paths.Preferences, web.Consumer, "Preferences", p.preferences),
		post(paths.Preferences, web.Consumer, "Preferences", p.postPreferences),
		get(paths.Cease, web.Consumer, "Cease", p.cease),
		post(paths.Cease, web.Consumer, "Cease", p.postCease),
		post(paths.CeaseUndo, web.Consumer, "", p.undoCease),
		get(paths.Messages, web.Consumer, "Messages", p.messages),
		post(paths.Messages, web.Consumer, "Messages", p.postMessages),
		get("/preferences/new/:part", web.Consumer, "NewContact", p.newContact),
		post("/preferences/new/:part", web.Consumer, "NewContact", p.postNewContact),
		get("/preferences/check/:change", web.Consumer, "CheckContact", p.checkContact),
		post("/preferences/check/:change", web.Consumer, "CheckContact", p.postCheckContact),
		get("/preferences/changed/:part", web.Consumer, "ContactSaved", p.contactSaved),
	}
}

// route makes a row of the table of addresses.
type route func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route

// reachOf is how an account's consumer is reached.
func reachOf(a debt.Account) contact.Person {
	c := a.Consumer
	return contact.Person{AccountID: a.ID, Phone: c.Phone, Email: c.Email, State: c.Address.State, ZIP: c.Address.PostalCode}
}

// preferences shows how the person wants to be reached, as it is kept.
func (p *Pages) preferences(r *web.Request) error {
	page, _, err := p.preferencesPage(r)
	if err != nil {
		return err
	}
	page.Saved = r.Query("saved") == "1"
	if form, kept := r.KeptForm(); kept {
		page = fill(page, form)
	}
	return r.Page(http.StatusOK, page)
}

// postPreferences keeps a choice, which counts from then on (COM-02).
func (p *Pages) postPreferences(r *web.Request) error {
	page, account, err := p.preferencesPage(r)
	if err != nil {
		return err
	}
	before := strings.TrimSpace(page.OwnWords.Value)
	page = fill(page, r.Form())
	if refused := p.checkPreferences(&page); refused {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	choice := contact.Choice{SMS: page.SMS.On, Email: page.Email.On}
	choice.NotAtWork, choice.From, choice.Until = page.NotAtWork, page.From, page.Until
	for n, not := range page.Days {
		if not {
			choice.Days = append(choice.Days, time.Weekday(n))
		}
	}
	if words := strings.TrimSpace(page.OwnWords.Value); words != "" {
		if choice.OwnWords, err = p.Reach.Sealer.Seal([]byte(talk.Redact(words)), contact.WordsRow(account.ID)); err != nil {
			return err
		}
		if contact.Read(words).Stops() { // any wording counts (COM-07)
			choice.SMS, choice.Email = false, false
		}
		if words == before { // said again as it was: it is as read as it was
			choice.WordsReadBy, err = p.readBy(r, account.ID)
		}
	}
	if err != nil {
		return err
	}
	if err := p.Reach.Book.Prefer(r.Context(), reachOf(account), choice, talk.Consumer); err != nil {
		return err
	}
	if page.WriteIn != account.Consumer.Language && (page.WriteIn == "en" || page.WriteIn == "es") {
		account.Consumer.Language = page.WriteIn
		if err := p.Reach.Language.SaveConsumer(r.Context(), account, p.Now()); err != nil {
			return err
		}
	}
	return r.SeeOther(paths.Preferences + "?saved=1")
}

// readBy is who read the words that are kept.
func (p *Pages) readBy(r *web.Request, id debt.AccountID) (string, error) {
	wish, err := p.Reach.Book.Wishes.Wish(r.Context(), id)
	return wish.WordsReadBy, err
}

func (p *Pages) checkPreferences(page *consumer.Preferences) (refused bool) {
	wish := contact.Wish{From: page.From, Until: page.Until}
	if wish.Check() != nil {
		page.HoursProblem = page.T(consumer.ProblemReachHours)
	}
	if page.Email.On && page.AskAttest && !page.Attested {
		page.WorkProblem = page.T(consumer.ProblemReachWork)
	}
	if utf8.RuneCountInString(page.OwnWords.Value) > 1000 {
		page.OwnWords.Problem = page.T(consumer.ProblemWordsLong)
	}
	return page.HoursProblem != "" || page.WorkProblem != "" || page.OwnWords.Problem != ""
}

func (p *Pages) preferencesPage(r *web.Request) (consumer.Preferences, debt.Account, error) {
	page := consumer.Preferences{Base: r.Base()}
	account, err := p.Accounts.Account(r.Context(), me(r))
	if err != nil {
		return page, account, err
	}
	wish, err := p.Reach.Book.Wishes.Wish(r.Context(), account.ID)
	if err != nil {
		return page, account, err
	}
	for _, d := range wish.Days {
		page.Days[d] = true
	}
	page.From, page.Until, page.NotAtWork, page.WriteIn = wish.From, wish.Until, wish.NotAtWork, "en"
	if account.Consumer.Language == "es" {
		page.WriteIn = "es"
	}
	if len(wish.OwnWords) > 0 {
		words, err := p.Reach.Sealer.Open(wish.OwnWords, contact.WordsRow(account.ID))
		if err != nil {
			return page, account, err
		}
		page.OwnWords.Value = string(words)
	}
	if page.Email, err = p.way(r, account, contact.Email); err != nil {
		return page, account, err
	}
	if page.SMS, err = p.way(r, account, contact.SMS); err != nil {
		return page, account, err
	}
	page.AskAttest = page.Email.To != "" && !page.Email.Shut && contact.Business(account.Consumer.Email)
	page.Attested = page.AskAttest && page.Email.On
	source, err := p.Reach.Ceasing.Ceased(r.Context(), account.ID)
	page.Ceased = source != ""
	return page, account, err
}

func (p *Pages) way(r *web.Request, account debt.Account, ch contact.Channel) (consumer.ReachWay, error) {
	way, err := p.Reach.Book.WayOf(r.Context(), reachOf(account), ch)
	shut := way.Reason == contact.ChannelOff || way.Reason == contact.WrongPerson
	return consumer.ReachWay{To: contact.Masked(ch, way.Address), On: way.On, Shut: shut}, err
}

// fill puts what was typed over what is kept.
func fill(page consumer.Preferences, form web.Form) consumer.Preferences {
	yes := func(name string) bool { return form.Text(name) == "yes" }
	page.Email.On, page.SMS.On = yes("email") && page.Email.To != "", yes("sms") && page.SMS.To != ""
	page.Attested, page.NotAtWork = yes("attest"), yes("work")
	for n := range page.Days {
		page.Days[n] = yes("day" + strconv.Itoa(n))
	}
	page.From, page.Until = hour(form.Text("from"), 0), hour(form.Text("until"), 0)
	switch {
	case page.From != 0 && page.Until == 0:
		page.Until = contact.LatestHour
	case page.Until != 0 && page.From == 0:
		page.From = contact.EarliestHour
	}
	page.OwnWords.Value, page.WriteIn = form.Typed("words"), form.Text("write_in")
	return page
}

func hour(typed string, otherwise int) int {
	h, err := strconv.Atoi(typed)
	if err != nil || h < 0 || h > 24 {
		return otherwise
	}
	return h
}

// cease asks before all contact ends; its form ends it at once (COM-10).
func (p *Pages) cease(r *web.Request) error {
	source, err := p.Reach.Ceasing.Ceased(r.Context(), me(r))
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, consumer.Cease{Base: r.Base(), Done: source != ""})
}

func (p *Pages) postCease(r *web.Request) error {
	if err := p.Reach.Ceasing.Cease(r.Context(), me(r)); err != nil {
		return err
	}
	return r.SeeOther(paths.Cease)
}

func (p *Pages) undoCease(r *web.Request) error {
	if err := p.Reach.Ceasing.Resume(r.Context(), me(r)); err != nil {
		return err
	}
	return r.SeeOther(paths.Preferences)
}
