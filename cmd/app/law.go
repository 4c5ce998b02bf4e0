package app

import (
	"fmt"
	"io/fs"
	"os"
	"time"

	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/gate"
	"quittance/portal/pack"
)

// LoadBook reads the shipped compliance packs and those of PORTAL_PACKS_DIR,
// and runs every vector: a portal whose law does not hold does not start.
func LoadBook(dir string) (pack.Book, error) {
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

// LoadPlaces is the law where the agency works.
func LoadPlaces(cfg config.Config) (pack.Places, error) {
	book, err := LoadBook(cfg.PacksDir)
	return pack.Places{Book: book, States: cfg.States, Licenses: cfg.Agency.Licenses}, err
}

// counting says what of a debt may be asked for (AMT-04).
func counting(cfg config.Config, places pack.Places, now func() time.Time) gate.Counting {
	return gate.Counting{Law: places.Book, Required: cfg.RequireAuthority, Now: now}
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
