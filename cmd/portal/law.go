package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/gate"
	"quittance/portal/pack"
)

// loadBook reads the shipped compliance packs and those of PORTAL_PACKS_DIR,
// and runs every vector: a portal whose law does not hold does not start.
func loadBook(dir string) (pack.Book, error) {
	var folders []fs.FS
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return pack.Book{}, fmt.Errorf("PORTAL_PACKS_DIR: %w", err)
		}
		folders = append(folders, os.DirFS(dir))
	}
	book, err := pack.Shipped(folders...)
	if err == nil {
		err = book.Prove()
	}
	return book, err
}

// loadPlaces is the law where the agency works.
func loadPlaces(cfg config.Config) (pack.Places, error) {
	book, err := loadBook(cfg.PacksDir)
	return pack.Places{Book: book, States: cfg.States, Licenses: cfg.Agency.Licenses}, err
}

// wireLaw comes before everything that asks what is allowed or owed.
func (p *portal) wireLaw() error {
	places, err := loadPlaces(p.cfg)
	if err != nil {
		return err
	}
	p.places = places
	p.store.Count = gate.Counting{Law: places.Book, Required: p.cfg.RequireAuthority, Now: p.in.now}.Count
	return nil
}

// limits are the caps of the agency or of the place, whichever are stricter
// (COM-11), where consent is needed (COM-05), and when a channel is closed.
type limits struct {
	own contact.Caps
	law pack.Places
	now func() time.Time
}

// Caps implements contact.Limits.
func (l limits) Caps(w contact.Where) contact.Caps {
	strictest := l.own
	for _, c := range l.effects(w.State, w.ZIP).Caps {
		if c.WithoutConsent && w.Consented || c.Channel != "" && c.Channel != string(w.Channel) {
			continue
		}
		strictest = strictest.Stricter(capOf(c))
	}
	return strictest
}

func capOf(c pack.Cap) contact.Caps {
	switch {
	case c.Channel != "" && c.Days == 1:
		return contact.Caps{ChannelDay: c.Messages}
	case c.Channel != "":
		return contact.Caps{ChannelWeek: c.Messages}
	case c.Days == 1:
		return contact.Caps{DebtDay: c.Messages}
	}
	return contact.Caps{DebtWeek: c.Messages}
}

// Closed implements contact.Place.
func (l limits) Closed(state, zip string, ch contact.Channel) []contact.Hours {
	var all []contact.Hours
	for _, b := range l.effects(state, zip).Blocks {
		if b.Channel == string(ch) {
			all = append(all, contact.Hours{From: b.FromHour, To: b.ToHour})
		}
	}
	return all
}

// ConsentOnly implements contact.Place.
func (l limits) ConsentOnly(state, zip string, ch contact.Channel) bool {
	e := l.effects(state, zip)
	return ch == contact.Email && e.EmailNeedsConsent || ch == contact.SMS && e.SMSNeedsConsent
}

func (l limits) effects(state, zip string) pack.Effects {
	return l.law.Resolve(pack.Facts{State: state, PostalCode: zip, Day: gate.Day(l.now(), state)})
}

// whyOff says in words why the portal is off in a state.
var whyOff = map[string]string{
	pack.NotListed:      "not in PORTAL_STATES",
	pack.LicenseMissing: "its license number is missing from PORTAL_AGENCY_LICENSES (STA-03)",
}

// checkStates says where the portal is on, and where it is off and why
// (STA-05). Being off in a state is a choice; packs that do not hold are not.
func (p program) checkStates(cfg config.Config) error {
	places, err := loadPlaces(cfg)
	if err != nil {
		fmt.Fprintf(p.stdout, "packs      %s\n", oneLine(err))
		return err
	}
	var on, bare []string
	off := map[string][]string{}
	for _, s := range places.Standings(civil.Of(time.Now())) {
		switch {
		case !s.On:
			off[s.Reason] = append(off[s.Reason], s.State)
		case s.Pack == "":
			bare = append(bare, s.State)
		default:
			on = append(on, s.State)
		}
	}
	fmt.Fprintf(p.stdout, "packs      %d packs hold their vectors\n", len(places.Book.Packs))
	for _, line := range []struct {
		states []string
		about  string
	}{
		{on, "the portal is on here, by the state's own pack"},
		{bare, "on because PORTAL_STATES says so; there is no pack, so the federal rules alone hold"},
		{off[pack.LicenseMissing], "off: " + whyOff[pack.LicenseMissing]},
		{off[pack.NotListed], "off: " + whyOff[pack.NotListed]},
	} {
		if len(line.states) > 0 {
			fmt.Fprintf(p.stdout, "states     %s: %s\n", strings.Join(line.states, " "), line.about)
		}
	}
	if len(on)+len(bare) == 0 {
		fmt.Fprintln(p.stdout, "states     the portal is off everywhere (STA-05)")
		return errors.New("no state is on")
	}
	return nil
}

func oneLine(err error) string {
	return strings.Join(slices.Compact(strings.Split(err.Error(), "\n")), "; ")
}
