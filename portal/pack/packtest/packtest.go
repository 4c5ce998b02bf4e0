// Package packtest has the law of every place for tests: all states are on, and
// every license is there.
package packtest

import "quittance/portal/pack"

// Everywhere is the shipped law with every state on.
func Everywhere() pack.Places {
	book, err := pack.Shipped()
	if err != nil {
		panic("packtest: the shipped packs are refused: " + err.Error())
	}
	places := pack.Places{Book: book, States: pack.States()}
	for _, p := range book.Packs {
		places.Licenses = append(places.Licenses, p.Name["en"]+" license 1")
	}
	return places
}
