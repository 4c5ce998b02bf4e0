// Package pages holds what the page packages below it share for the gallery:
// every page in every state, with made-up data and no database.
package pages

import (
	"github.com/a-h/templ"

	"quittance/frontend"
	"quittance/frontend/locale"
)

// Example is one page in one state. Page and State make its address:
// /gallery/{page}/{state}.
type Example struct {
	Page, State string
	Title       string // what there is to see, for whoever looks through
	Component   func(lang string) templ.Component
}

// Kit is what examples are made with.
type Kit struct {
	Book   *locale.Book
	Assets *frontend.Assets
}
