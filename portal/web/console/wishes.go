package console

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// wishes lists what people said in their own words and nobody has read, the
// longest wait first (COM-02).
func (p *Pages) wishes(r *web.Request, who identity.Staff) error {
	page := console.Wishes{Base: base(r, who)}
	unread, err := p.Thread.Book.Wishes.UnreadWishes(r.Context(), mostWaiting)
	for _, u := range unread {
		page.Waiting = append(page.Waiting, console.WaitingThread{AccountID: string(u.AccountID), AccountRef: u.AccountRef, Since: u.Since.In(p.Zone)})
	}
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// wish is what one person said, beside the rules they chose; who looks is
// recorded.
func (p *Pages) wish(r *web.Request, who identity.Staff) error {
	page, err := p.wishPage(r, who)
	if err != nil {
		return err
	}
	p.record(r, who, "read wish", page.AccountID)
	return r.Page(http.StatusOK, page)
}

// readWish keeps the rules that somebody read in the words. They add to what the
// person chose.
func (p *Pages) readWish(r *web.Request, who identity.Staff) error {
	page, err := p.wishPage(r, who)
	if err != nil {
		return err
	}
	rules := rulesOf(r.Form())
	err = p.Thread.Book.ReadWords(r.Context(), debt.AccountID(page.AccountID), r.Form().Text("wish"), rules, "staff:"+string(who.ID))
	switch {
	case errors.Is(err, contact.ErrWish):
		page.Problem = page.T("console.wish_hours")
		return r.Page(http.StatusUnprocessableEntity, chosen(page, rules))
	case errors.Is(err, contact.ErrWishRead):
		page.Moved = true
		return r.Page(http.StatusUnprocessableEntity, page)
	case err != nil:
		return err
	}
	p.record(r, who, "keep wish", page.AccountID)
	return r.SeeOther(paths.ConsoleWishes)
}

func (p *Pages) wishPage(r *web.Request, who identity.Staff) (console.Wish, error) {
	page := console.Wish{Base: base(r, who)}
	account, err := p.Accounts.Account(r.Context(), debt.AccountID(r.Param("id")))
	if err != nil {
		return page, err
	}
	said, err := p.Thread.Book.Wishes.Wish(r.Context(), account.ID)
	if err == nil && len(said.OwnWords) == 0 {
		err = web.ErrNotFound
	}
	if err != nil {
		return page, err
	}
	words, err := p.Thread.Sealer.Open(said.OwnWords, contact.WordsRow(account.ID))
	page.AccountID, page.AccountRef, page.Name = string(account.ID), account.Ref, name(account)
	page.WishID, page.Said, page.At, page.Read = said.ID, string(words), said.At.In(p.Zone), !said.Unread()
	return chosen(page, said), err
}

// chosen fills in the boxes and hours of a wish.
func chosen(page console.Wish, w contact.Wish) console.Wish {
	page.NoSMS, page.NoEmail, page.NotAtWork, page.From, page.Until = w.NoSMS, w.NoEmail, w.NotAtWork, w.From, w.Until
	page.Days = [7]bool{}
	for _, d := range w.Days {
		page.Days[d] = true
	}
	return page
}

func rulesOf(form web.Form) contact.Wish {
	yes := func(name string) bool { return form.Text(name) == "yes" }
	w := contact.Wish{NoSMS: yes("no_sms"), NoEmail: yes("no_email"), NotAtWork: yes("work"), From: hour(form.Text("from")), Until: hour(form.Text("until"))}
	for n := range 7 {
		if yes("day" + strconv.Itoa(n)) {
			w.Days = append(w.Days, time.Weekday(n))
		}
	}
	switch {
	case w.From != 0 && w.Until == 0:
		w.Until = contact.LatestHour
	case w.Until != 0 && w.From == 0:
		w.From = contact.EarliestHour
	}
	return w
}

// hour is an hour that was chosen; 0 is any.
func hour(typed string) int {
	h, err := strconv.Atoi(typed)
	if err != nil || h < 0 || h > 24 {
		return 0
	}
	return h
}
