// Package packtest has the law of every place for tests: all states are on, and
// every license is there.
package packtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing/fstest"

	"quittance/plans/civil"
	"quittance/portal/pack"
)

// Everywhere is the shipped law with every state on.
func Everywhere() pack.Places { return places(fstest.MapFS{}) }

// With is the same with a pack of the tests for one state, by its two letters,
// in place of the shipped one. Ids, days and citations of the rules are filled
// in.
func With(state string, rules ...pack.Rule) pack.Places {
	from := pack.Day(civil.Date{Year: 2020, Month: 1, Day: 1})
	for i := range rules {
		rules[i].ID, rules[i].Citation, rules[i].From = fmt.Sprintf("US-%s-TEST-%d", state, i), "made up for a test", from
		if rules[i].Rule == "" {
			rules[i].Rule = "STA-02"
		}
	}
	p := pack.Pack{
		Jurisdiction: "US-" + state, Name: map[string]string{"en": state, "es": state}, Version: "1", From: from, Author: "A. Writer", Approver: "B. Reader",
		Rules: rules, Vectors: []pack.Vector{{Name: "it is there", Facts: pack.VectorFacts{State: state, Day: from}, Expect: json.RawMessage("{}")}},
	}
	content, err := json.Marshal(p)
	if err != nil {
		panic("packtest: " + err.Error())
	}
	return places(fstest.MapFS{"us-" + strings.ToLower(state) + ".json": {Data: content}})
}

func places(own fstest.MapFS) pack.Places {
	book, err := pack.Shipped(own)
	if err != nil {
		panic("packtest: the packs are refused: " + err.Error())
	}
	all := pack.Places{Book: book, States: pack.States()}
	for _, p := range book.Packs {
		all.Licenses = append(all.Licenses, p.Name["en"]+" license 1")
	}
	return all
}
