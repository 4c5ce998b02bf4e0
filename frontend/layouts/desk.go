package layouts

import (
	"quittance/frontend"
	"quittance/frontend/locale"
)

// Desk is what every page of the console and the demo knows.
type Desk struct {
	Words    *locale.Printer
	Assets   *frontend.Assets
	Name     string // at the top: the agency's, or the product's in the demo
	Staff    string // who is signed in; empty: nobody
	CSRF     string
	Nav      []Way
	Finds    bool   // they find and open accounts
	Path     string // of this page, to mark it in Nav
	Version  string // "Quittance 0.1.0", in the foot
	SignOut  string // POST address; empty: no such button
	Security string // where they see what lets them in
}

// Way is one link of the navigation.
type Way struct{ Href, Words string }

// T returns the words of a key.
func (d Desk) T(key locale.Key, args ...any) string { return d.Words.T(key, args...) }

// Lang returns the language of the page.
func (d Desk) Lang() string { return d.Words.Lang() }
