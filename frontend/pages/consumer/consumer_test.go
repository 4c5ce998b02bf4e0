package consumer_test

import (
	"bytes"
	"compress/gzip"
	"regexp"
	"strings"
	"testing"

	"quittance/frontend"
	"quittance/frontend/htmlcheck"
	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/pages/consumer"
)

func kit(t *testing.T) pages.Kit {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := frontend.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return pages.Kit{Book: book, Assets: assets}
}

// each renders every example in every language.
func each(t *testing.T, check func(t *testing.T, e pages.Example, lang, body string, page *htmlcheck.Node)) {
	t.Helper()
	for _, e := range consumer.Gallery(kit(t)) {
		for _, lang := range locale.Languages() {
			t.Run(e.Page+"/"+e.State+"/"+lang, func(t *testing.T) {
				t.Parallel()
				var body bytes.Buffer
				if err := e.Component(lang).Render(t.Context(), &body); err != nil {
					t.Fatal(err)
				}
				page, err := htmlcheck.Parse(body.String())
				if err != nil {
					t.Fatal(err)
				}
				check(t, e, lang, body.String(), page)
			})
		}
	}
}

// find returns one example of the gallery.
func find(t *testing.T, name, lang string) *htmlcheck.Node {
	t.Helper()
	for _, e := range consumer.Gallery(kit(t)) {
		if e.Page+"/"+e.State == name {
			var body bytes.Buffer
			if err := e.Component(lang).Render(t.Context(), &body); err != nil {
				t.Fatal(err)
			}
			page, err := htmlcheck.Parse(body.String())
			if err != nil {
				t.Fatal(err)
			}
			return page
		}
	}
	t.Fatalf("there is no example %s", name)
	return nil
}

func TestEveryPageInEveryStateIsFreeOfFaults(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ pages.Example, lang, body string, page *htmlcheck.Node) {
		for _, fault := range htmlcheck.Faults(page) {
			t.Error(fault)
		}
		if got := page.Find("html")[0].Attrs["lang"]; got != lang {
			t.Errorf("the page says it is in %q", got)
		}
		if missing := regexp.MustCompile(`\[[a-z0-9_]+\.[a-z0-9_.]+\]`).FindString(body); missing != "" {
			t.Errorf("a word is missing: %s", missing)
		}
	})
}

func TestU5_EveryPageWeighsAtMost50KilobytesAnd15OfScript(t *testing.T) {
	t.Parallel()
	assets := kit(t).Assets
	each(t, func(t *testing.T, _ pages.Example, _, body string, page *htmlcheck.Node) {
		total, scripts := len(compress(t, body)), 0
		for _, node := range append(page.Find("link[href]"), page.Find("script[src]")...) {
			address := node.Attrs["href"] + node.Attrs["src"]
			asset, ok := assets.Find(address)
			if !ok || !asset.Forever {
				t.Fatalf("the page asks for %s, which there is not", address)
			}
			total += len(asset.Gzip)
			if node.Tag == "script" {
				scripts += len(asset.Gzip)
			}
		}
		if total > 50<<10 || scripts > 15<<10 {
			t.Errorf("the page weighs %d bytes, %d of them scripts", total, scripts)
		}
	})
}

func compress(t *testing.T, body string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var telling = regexp.MustCompile(`(?i)\b(debts?|you owe|owed|collector|creditor|deudas?|usted debe|cobrador|acreedor)\b`)

func TestDSC04_NoPageBeforeTheIdentityCheckSpeaksOfADebt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ pages.Example, _, body string, page *htmlcheck.Node) {
		if signedIn(page) {
			return
		}
		if word := telling.FindString(body); word != "" {
			t.Errorf("the page says %q", word)
		}
	})
}

func TestDSC02_EveryPageAfterTheIdentityCheckSaysWhoItIsFrom(t *testing.T) {
	t.Parallel()
	want := map[string]string{"en": "This is from a debt collector.", "es": "Esto proviene de un cobrador de deudas."}
	each(t, func(t *testing.T, _ pages.Example, lang, _ string, page *htmlcheck.Node) {
		if !signedIn(page) {
			return
		}
		foot := page.Find("footer")[0].Text()
		for _, text := range []string{want[lang], "California license 10123-99", "(800) 555-0134"} {
			if !strings.Contains(foot, text) {
				t.Errorf("the foot does not say %q", text)
			}
		}
	})
}

func signedIn(page *htmlcheck.Node) bool { return len(page.Find(`form[action="/sign-out"]`)) > 0 }

func TestEveryFormCarriesTheTokenAndIsAPost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ pages.Example, _, _ string, page *htmlcheck.Node) {
		for _, form := range page.Find("form") {
			if form.Attrs["method"] != "post" || len(form.Find(`input[name="csrf"]`)) != 1 {
				t.Errorf("the form to %s is no POST with a token", form.Attrs["action"])
			}
		}
	})
}

func TestU11_NothingIsChosenBeforehand(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"choose/empty", "choose/one", "choose/mixed", "review/bank", "verify/birth"} {
		page := find(t, name, "en")
		for _, kind := range []string{"input[checked]", "option[selected]"} {
			if n := len(page.Find(kind)); n > 0 {
				t.Errorf("%s has %d fields chosen beforehand", name, n)
			}
		}
	}
}

func TestU11_TheFourDoorsAreAlike(t *testing.T) {
	t.Parallel()
	doors := find(t, "account/one", "en").Find(".door")
	if len(doors) != 4 {
		t.Fatalf("there are %d doors", len(doors))
	}
	for _, door := range doors {
		if door.Attrs["class"] != "door" || door.Tag != "a" {
			t.Errorf("the door %q is not like the others", door.Text())
		}
	}
}

func TestVAL04_TheItemizationHasTheRowsOfTheModelNotice(t *testing.T) {
	t.Parallel()
	got := find(t, "debt/pending", "en").Find(".items")[0].Text()
	want := "As of March 31, 2025, you owed: $500.00 Between March 31, 2025 and today: " +
		"You were charged this amount in interest: + $41.00 You were charged this amount in fees: + $12.50 " +
		"You paid or were credited this amount toward the debt: − $221.33 Total amount of the debt now: $332.17"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAMT08_TheReviewNamesTheOriginalCreditorAndWhereToLearnMore(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"review/card", "review/bank"} {
		page := find(t, name, "en")
		for _, text := range []string{"City of Springfield Water", "Water bill 2023", "ending in 7714", "More about this debt"} {
			if !strings.Contains(page.Text(), text) {
				t.Errorf("%s does not say %q", name, text)
			}
		}
	}
}

func TestTheButtonNamesTheAmount(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{"en": "Pay $150.00 now", "es": "Pagar $150.00 ahora"} {
		page := find(t, "review/card", lang)
		if got := page.Find(`form[action="/payments/pay_1/review"]`)[0].Find("button")[0].Text(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestREG08_TheAuthorizationNamesAmountDayAccountAndHowToStop(t *testing.T) {
	t.Parallel()
	text := find(t, "review/bank", "en").Find("#authorize-text")[0].Text()
	for _, part := range []string{"Acme Services LLC", "$150.00", "one time", "Springfield Bank •••• 6789", "November 20, 2026", "(800) 555-0134"} {
		if !strings.Contains(text, part) {
			t.Errorf("the authorization does not say %q", part)
		}
	}
}

func TestSTS01_AnAccountOnHoldShowsNoAmountAndNoWayToPay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"account/bankruptcy", "account/attorney", "account/hold"} {
		page := find(t, name, "en")
		if strings.Contains(page.Text(), "$") || len(page.Find(".door")) > 0 {
			t.Errorf("%s shows an amount or a door", name)
		}
	}
}

func TestU13_AnUnknownOutcomeSaysNotToPayAgainAndOffersNoWayToPay(t *testing.T) {
	t.Parallel()
	page := find(t, "outcome/checking", "en")
	if !strings.Contains(page.Text(), "Do not pay again.") {
		t.Error("the page does not say so")
	}
	if len(page.Find(`a[href="/payments/new"]`)) > 0 {
		t.Error("the page offers a second payment")
	}
	if len(page.Find(`meta[http-equiv="refresh"]`)) != 1 {
		t.Error("the page does not look again by itself")
	}
}

func TestU14_AnUnclearedPaymentIsNotCalledPaid(t *testing.T) {
	t.Parallel()
	page := find(t, "outcome/pending", "en")
	if regexp.MustCompile(`(?i)\bpaid\b`).MatchString(page.Text()) {
		t.Errorf("a pending payment is called paid")
	}
}

func TestU16_EachProblemStandsBesideItsFieldAndInTheSummary(t *testing.T) {
	t.Parallel()
	page := find(t, "choose/too-much", "en")
	const words = "You can pay up to $332.17 here. Type that or less."
	if got := page.Find("#amount_dbt_1-problem")[0].Text(); !strings.Contains(got, words) {
		t.Errorf("beside the field: %q", got)
	}
	links := page.Find(`a[href="#amount_dbt_1"]`)
	if len(links) != 1 || links[0].Text() != words {
		t.Error("the summary does not lead to the field")
	}
	if got := page.Find("#amount_dbt_1")[0].Attrs["value"]; got != "5000" {
		t.Errorf("what was typed became %q", got)
	}
	if title := page.Find("title")[0].Text(); !strings.HasPrefix(title, "Error: ") {
		t.Errorf("the title is %q", title)
	}
}
