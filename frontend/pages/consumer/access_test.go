package consumer_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/pages"
)

// fields are the boxes in which a person types something.
func fields(page *htmlcheck.Node) []*htmlcheck.Node {
	var all []*htmlcheck.Node
	for _, node := range append(page.Find("input"), append(page.Find("textarea"), page.Find("select")...)...) {
		if !slices.Contains([]string{"hidden", "radio", "checkbox", "submit"}, node.Attrs["type"]) {
			all = append(all, node)
		}
	}
	return all
}

// TestA11_02_NothingHasToBeRememberedOrCopiedByHand: each field can be pasted
// into, the one-time code is offered by the phone, and there is no puzzle. It
// also holds A11-02's alternative: a private link signs in without typing.
func TestA11_02_NothingHasToBeRememberedOrCopiedByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, body string, page *htmlcheck.Node) {
		for _, f := range fields(page) {
			for _, bad := range []string{"readonly", "onpaste", "oncopy", "ondrop"} {
				if _, has := f.Attrs[bad]; has {
					t.Errorf("%s has %s", f.Attrs["name"], bad)
				}
			}
		}
		if regexp.MustCompile(`(?i)captcha|puzzle|turnstile`).MatchString(body) {
			t.Error("the page sets a puzzle")
		}
	})
	if code := find(t, "step/wrong", "en").Find("#code"); len(code) != 1 || code[0].Attrs["autocomplete"] != "one-time-code" {
		t.Error("the phone is not asked to offer the one-time code")
	}
}

// TestA11_03_NothingThatWasGivenIsAskedForAgain: after the identity check no
// page asks for the code, the ZIP code or the date of birth once more. A change
// of contact does, and so does the page that shows the code, as the rule lets
// security ask (SEC-12): each says why. The front door asks for somebody else's.
func TestA11_03_NothingThatWasGivenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	given := []string{"code", "zip", "birth_day", "birth_month", "birth_year", "ssn"}
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		if !signedIn(page) || slices.Contains([]string{"new-contact", "access", "start"}, e.Page) {
			return
		}
		for _, f := range fields(page) {
			if slices.Contains(given, f.Attrs["name"]) {
				t.Errorf("it asks for %s again", f.Attrs["name"])
			}
		}
	})
}

// TestA11_05_EveryPageWithASessionWarnsBeforeItEndsAndExtendsWithOnePress: at
// least twenty seconds are left when it warns.
func TestA11_05_EveryPageWithASessionWarnsBeforeItEndsAndExtendsWithOnePress(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		if !signedIn(page) {
			return
		}
		dialogs := page.Find("dialog[data-idle]")
		if len(dialogs) != 1 {
			t.Fatalf("%d warnings", len(dialogs))
		}
		d := dialogs[0]
		if seconds(d.Attrs["data-end"])-seconds(d.Attrs["data-warn"]) < 20 || seconds(d.Attrs["data-warn"]) < 60 {
			t.Errorf("it warns after %s of %s seconds", d.Attrs["data-warn"], d.Attrs["data-end"])
		}
		if forms := d.Find(`form[method="post"]`); len(forms) != 1 || len(d.Find("button")) != 1 {
			t.Error("it cannot be extended with one press")
		}
	})
}

func seconds(s string) int {
	n := 0
	for _, d := range s {
		n = 10*n + int(d-'0')
	}
	return n
}

// TestA11_08_NothingStaysOnTopOfWhatHasTheFocus: no style pins anything to the
// window, so that no bar can cover the field one is in.
func TestA11_08_NothingStaysOnTopOfWhatHasTheFocus(t *testing.T) {
	t.Parallel()
	assets := kit(t).Assets
	sheets := 0
	for _, name := range assets.Names() {
		if !strings.HasSuffix(name, ".css") {
			continue
		}
		sheets++
		sheet, _ := assets.Find(assets.Path(name))
		if found := regexp.MustCompile(`position:\s*(fixed|sticky)`).Find(sheet.Body); found != nil {
			t.Errorf("%s has %s", name, found)
		}
	}
	if sheets == 0 {
		t.Error("no style sheet was found")
	}
}

// TestA11_09_HelpStandsInTheSamePlaceOnEveryPage: phone, hours and mailing
// address open the foot of each page, in one order.
func TestA11_09_HelpStandsInTheSamePlaceOnEveryPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		feet := page.Find("footer")
		if len(feet) != 1 {
			t.Fatalf("%d feet", len(feet))
		}
		phones := feet[0].Find("a")
		text := feet[0].Text()
		phone, address := strings.Index(text, "(800) 555-0134"), strings.Index(text, "Acme Services LLC")
		if len(phones) == 0 || !strings.HasPrefix(phones[0].Attrs["href"], "tel:") || phone < 0 || address < phone || phone > 60 {
			t.Errorf("the foot begins %.80q", text)
		}
	})
}

// TestA11_10_WhatChangesIsAnnouncedAndFieldsSayWhatTheyAreFor: a payment on its
// way is a status, a problem an alert.
func TestA11_10_WhatChangesIsAnnouncedAndFieldsSayWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		if e.Page == "outcome" && strings.HasPrefix(e.State, "checking") && len(page.Find(`.outcome[role="status"]`)) != 1 {
			t.Error("that the answer is awaited is not announced")
		}
		for _, f := range fields(page) {
			if f.Tag == "input" && f.Attrs["type"] == "text" && f.Attrs["autocomplete"] == "" && f.Attrs["type"] != "file" {
				t.Errorf("%s does not say what it is for", f.Attrs["name"])
			}
		}
	})
	for name, token := range map[string]string{"zip": "postal-code", "birth_year": "bday-year"} {
		example := map[string]string{"zip": "verify/zip", "birth_year": "verify/birth"}[name]
		if got := find(t, example, "en").Find("#" + name)[0].Attrs["autocomplete"]; got != token {
			t.Errorf("%s is filled in as %q", name, got)
		}
	}
	if alerts := find(t, "choose/too-much", "en").Find(`.summary[role="alert"]`); len(alerts) != 1 {
		t.Error("the problem is not announced")
	}
}

// TestSEC01_NoPageHasAFieldForACardOrAnAccountNumber: they are typed into the
// processor's own frames.
func TestSEC01_NoPageHasAFieldForACardOrAnAccountNumber(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		for _, f := range fields(page) {
			about := strings.ToLower(f.Attrs["name"] + " " + f.Attrs["id"] + " " + f.Attrs["autocomplete"])
			if regexp.MustCompile(`\bcc-|card_?number|cvc|cvv|\bpan\b|routing|account_?number`).MatchString(about) {
				t.Errorf("there is a field %s", about)
			}
		}
	})
}

// TestSEC10_NoPageLoadsAnythingFromAfar: scripts, styles, pictures and forms
// are the portal's own.
func TestSEC10_NoPageLoadsAnythingFromAfar(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, _, _ string, page *htmlcheck.Node) {
		for selector, attribute := range map[string]string{
			"script[src]": "src", "link[href]": "href", "img[src]": "src", "iframe[src]": "src", "form[action]": "action", "source[src]": "src",
		} {
			for _, node := range page.Find(selector) {
				if address, err := url.Parse(node.Attrs[attribute]); err != nil || address.Host != "" || address.Scheme != "" && address.Scheme != "data" {
					t.Errorf("%s leads to %s", selector, node.Attrs[attribute])
				}
			}
		}
	})
}

// TestSTA02_TheFirstNoticeOfAStateStandsOnTheFirstPage with the first-contact
// sentence, in the language of the page.
func TestSTA02_TheFirstNoticeOfAStateStandsOnTheFirstPage(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"en": "What the law of Colorado has us tell you", "es": "Lo que la ley de Colorado nos pide decirle"} {
		if text := find(t, "account/first-notice", lang).Text(); !strings.Contains(text, want) || !strings.Contains(text, "www.coag.gov/car") {
			t.Errorf("%s: the notice is not there", lang)
		}
	}
}

// TestDSC01_TheFirstPageOfAnAccountSaysTheWholeSentence in the language of the
// page (DSC-03).
func TestDSC01_TheFirstPageOfAnAccountSaysTheWholeSentence(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"en": {"trying to collect", "any information you give us"},
		"es": {"cobrar", "información que nos brinde"},
	} {
		text := find(t, "account/first", lang).Text()
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s: it does not say %q", lang, part)
			}
		}
	}
}
