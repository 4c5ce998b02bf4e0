package consumer_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
	"quittance/portal/gate"
	"quittance/portal/held"
	"quittance/portal/hold"
	"quittance/portal/seal"
)

// disputing is the service behind the pages, with real holds and the real gate.
func (b *bundle) disputing() *dispute.Service {
	box, err := seal.New(map[byte][]byte{1: key("disputes")})
	must(b.t, err)
	b.disputes = &dispute.Service{
		Tx: b.store, Store: b.store, Queue: b.store, Files: b.store, Scans: b.store, Drafts: b.store, Debts: b.store,
		Gate:   &gate.Keeper{Records: b.store, Law: b.law, Now: b.now},
		Holds:  &hold.Service{Tx: b.store, Store: b.store, Now: b.now, NewID: func() string { return "hld_" + rand.Text() }},
		Claims: b.store, Sealer: box, Deadline: dispute.Within(b.law), Now: b.now, NewID: func(prefix string) string { return prefix + rand.Text() },
		NewReference: func() string { return rand.Text()[:8] },
	}
	b.held = &held.Service{Tx: b.store, Store: b.store, Payments: b.pay, Now: b.now}
	return b.disputes
}

// postFiles sends a form with files as a browser does: fields in their order; a
// name that begins with @ is a file, "@name=content".
func (v *browser) postFiles(target string, fields ...string) view {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(part io.Writer, err error, content string) {
		must(v.t, err)
		_, err = io.WriteString(part, content)
		must(v.t, err)
	}
	if !strings.Contains(" "+strings.Join(fields, " "), " csrf") && v.token() != "" {
		part, err := w.CreateFormField("csrf")
		write(part, err, v.token())
	}
	for i := 0; i+1 < len(fields); i += 2 {
		if name, file := strings.CutPrefix(fields[i], "@"); file {
			part, err := w.CreateFormFile("files", name)
			write(part, err, fields[i+1])
			continue
		}
		part, err := w.CreateFormField(fields[i])
		write(part, err, fields[i+1])
	}
	must(v.t, w.Close())
	kept := v.header.Get("Content-Type")
	v.header.Set("Content-Type", w.FormDataContentType())
	defer func() {
		if kept == "" {
			v.header.Del("Content-Type")
		} else {
			v.header.Set("Content-Type", kept)
		}
	}()
	return v.send(http.MethodPost, target, body.String())
}

var (
	photo = disputetest.Photo()
	paper = disputetest.PDF("")
)

// disputes a debt with these fields and returns the address of its receipt.
func (v *browser) disputeIt(p person, fields ...string) string {
	v.t.Helper()
	form := "/disputes/about/" + string(p.debts[0].ID)
	v.get(form)
	check := v.goes(303, "/disputes/check/drd_", v.postFiles(form, fields...)).location
	v.get(check)
	return v.goes(303, "/disputes/DSP-", v.post(check)).location
}

func TestDIS02_U12_ADisputeTakesThreeScreensAndClosesThePayPathAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	account := v.get("/account")
	form := "/disputes/about/" + string(p.debts[0].ID)
	says(t, account, `href="`+form+`"`)
	page := v.get(form)
	says(t, page, "This is not my debt.", `enctype="multipart/form-data"`)
	if strings.Contains(page.body, " checked") {
		t.Error("something is chosen beforehand")
	}
	check := v.goes(303, "/disputes/check/drd_", v.postFiles(form, "reason_already_paid", "yes", "paid_on", "2025-02-14", "words", "At the desk", "@slip.jpg", photo, "@letter.pdf", paper)).location
	says(t, v.get(check), "I paid it before.", "At the desk", "slip.jpg, letter.pdf", "February 14, 2025")
	receipt := v.goes(303, "/disputes/DSP-", v.post(check)).location
	v.goes(303, receipt, v.post(check)) // sent twice is sent once
	v.goes(303, receipt, v.get(check))
	says(t, v.get(receipt), "We have your dispute", "We have stopped asking for this debt.", "You do not need to pay it meanwhile.", "slip.jpg")
	says(t, v.get("/account"), "What you told us", receipt)
	if a := v.get("/payments/new"); onceField.MatchString(a.body) {
		t.Errorf("the pay path is open: %d", a.status)
	}
	if a := v.post("/payments/new", "once", rand.Text(), "method", "card", "choice_"+string(p.debts[0].ID), "all"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a payment was begun: %d", a.status)
	}
	if strings.Contains(v.get("/debts/"+string(p.debts[0].ID)).body, `href="/payments/new"`) {
		t.Error("the debt still offers to pay")
	}
	other := b.signedIn(t, b.place(t, owing(15000)))
	for _, path := range []string{receipt, check, form} {
		if a := other.get(path); a.status != http.StatusNotFound {
			t.Errorf("another consumer at %s: %d", path, a.status)
		}
	}
}

var fileLink = regexp.MustCompile(`href="(/disputes/[^"]+/files/[^"]+)"`)

func TestAFileIsOnlyEverADownloadAndOnlyItsOwners(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes", "@evil.pdf", "%PDF-1.4 <script>alert(1)</script>")
	link := fileLink.FindStringSubmatch(v.get(receipt).body)
	if link == nil {
		t.Fatal("no file on the receipt")
	}
	a := v.get(link[1])
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || a.header.Get("Content-Type") != "application/pdf" ||
		a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", a.status, a.header)
	}
	if a := b.signedIn(t, b.place(t, owing(100))).get(link[1]); a.status != http.StatusNotFound {
		t.Errorf("another consumer: %d", a.status)
	}
}

func TestBadFilesGetASentenceAndGoodOnesAreKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	form := "/disputes/about/" + string(p.debts[0].ID)
	v.get(form)
	a := v.postFiles(form, "reason_wrong_amount", "yes", "words", "kept words", "@good.jpg", photo, "@page.pdf", "<html><script>", "@setup.pdf", "MZ\x90\x00 program",
		"@empty.png", "", "@film.mp4", strings.Repeat("0", dispute.MostFileBytes+2))
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", a.status)
	}
	says(t, a, "page.pdf is not a JPEG, PNG or WebP photo or a PDF.", "setup.pdf is not a JPEG, PNG or WebP photo or a PDF.", "empty.png is empty.", "film.mp4 is larger than 10 MB.", "We have these files",
		"good.jpg", "kept words", `name="reason_wrong_amount" value="yes" checked`)
	draft := regexp.MustCompile(`name="draft" value="(drd_[^"]+)"`).FindStringSubmatch(a.body)
	check := v.goes(303, "/disputes/check/", v.postFiles(form, "draft", draft[1], "reason_wrong_amount", "yes")).location
	says(t, v.get(check), "good.jpg")
	a = v.postFiles(form, "draft", draft[1], "reason_wrong_amount", "yes", "@2.jpg", photo, "@3.jpg", photo, "@4.jpg", photo, "@5.jpg", photo, "@6.jpg", photo, "@7.jpg", photo)
	says(t, a, "7.jpg was left out. You can add 6 files.")
}

func TestAFormTooManyIsRefusedWithASentenceAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	form := "/disputes/about/" + string(p.debts[0].ID)
	v.get(form)
	for range dispute.MostDrafts {
		v.goes(303, "/disputes/check/", v.postFiles(form, "reason_wrong_amount", "yes"))
	}
	a := v.postFiles(form, "reason_wrong_amount", "yes", "@slip.jpg", photo, "words", "behind the file")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("%d", a.status)
	}
	says(t, a, "You have 8 forms that you did not send.", "behind the file", `name="reason_wrong_amount" value="yes" checked`)
}

func TestADisputeThatCannotBeReadKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	form := "/disputes/about/" + string(p.debts[0].ID)
	v.get(form)
	for _, c := range []struct {
		fields []string
		want   string
	}{
		{nil, "Check at least one thing that is wrong."},
		{[]string{"reason_other", "yes"}, "Tell us in a few words what it is."},
		{[]string{"reason_already_paid", "yes", "paid_on", "2999-01-01"}, "This day has not come yet."},
		{[]string{"reason_already_paid", "yes", "paid_on", "soon"}, "Type a day like 2025-03-31."},
		{[]string{"reason_wrong_amount", "yes", "scope", "lines"}, "Check the lines that are wrong."},
		{[]string{"reason_wrong_amount", "yes", "scope", "amount", "amount", "151"}, "This is more than you owe. Type $150.00 or less."},
		{[]string{"reason_wrong_amount", "yes", "scope", "amount", "amount", "all of it"}, `value="all of it"`},
		{[]string{"reason_wrong_amount", "yes", "words", strings.Repeat("a", 3001)}, "This is too long."},
	} {
		a := v.postFiles(form, c.fields...)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%v: %d without %q", c.fields, a.status, c.want)
		}
	}
}

func TestDIS05_TheSameDisputeFromANewFormIsKeptAndTheHoldWaitsForBothAnswers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	first, second := v.disputeIt(p, "reason_wrong_amount", "yes"), v.disputeIt(p, "reason_wrong_amount", "yes")
	if first == second {
		t.Fatal("the second has the reference of the first")
	}
	says(t, v.get("/account"), first, second)
	for i, receipt := range []string{first, second} {
		if a := v.get("/payments/new"); onceField.MatchString(a.body) {
			t.Errorf("the pay path is open after %d answers", i)
		}
		d, err := b.disputes.ByReference(t.Context(), p.account.ID, strings.TrimPrefix(receipt, "/disputes/"))
		must(t, err)
		_, err = b.disputes.Answer(t.Context(), d.ID, dispute.Proof{
			Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(b.now()), By: "api:1",
		}, nil)
		must(t, err)
	}
	v.goes(303, "/payments/", v.choose("card", "choice_"+string(p.debts[0].ID), "all"))
}

func TestSTA02_TheDayOfTheAnswerIsThatOfTheLawOfThePlace(t *testing.T) {
	t.Parallel()
	for _, home := range []struct {
		address debt.Address
		days    int
	}{
		{debt.Address{State: "OH", PostalCode: "45501"}, dispute.AnswerDays},
		{debt.Address{State: "NY", PostalCode: "12207"}, 60},
		{debt.Address{State: "MA", PostalCode: "02139"}, 7},
	} {
		b := setup(t)
		b.home = home.address
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		day := gate.Day(b.now(), home.address.State).AddDays(home.days)
		form := "/disputes/about/" + string(p.debts[0].ID)
		v.get(form)
		check := v.goes(303, "/disputes/check/drd_", v.postFiles(form, "reason_not_mine", "yes")).location
		due := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC).Format("January 2, 2006")
		says(t, v.get(check), due)
		says(t, v.get(v.goes(303, "/disputes/DSP-", v.post(check)).location), due)
	}
}

func TestDIS04_APartLeavesTheRestToPay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes", "scope", "amount", "amount", "50")
	says(t, v.get(receipt), "We have stopped asking for the $50.00 that you say is wrong.")
	id := string(p.debts[0].ID)
	if a := v.choose("card", "choice_"+id, "other", "amount_"+id, "120"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("more than the rest: %d", a.status)
	}
	v.goes(303, "/payments/", v.choose("card", "choice_"+id, "other", "amount_"+id, "100"))
}

func TestSTS05_AfterIdentityTheftNoAmountIsShownAndTheReceiptStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(9900))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_identity_theft", "yes", "@report.pdf", paper)
	page := v.get(receipt)
	says(t, page, "We have stopped all work on this debt.")
	for _, path := range []string{receipt, "/account"} {
		if strings.Contains(v.get(path).body, "$150.00") {
			t.Errorf("%s shows the amount", path)
		}
	}
	if a := v.get("/debts/" + string(p.debts[0].ID)); a.status != http.StatusNotFound {
		t.Errorf("the debt is shown: %d", a.status)
	}
	v.goes(303, receipt, v.postFiles(receipt+"/files", "@more.jpg", photo))
	says(t, v.postFiles(receipt+"/files"), "Choose a photo or a PDF first.")
}

func TestSTS08_TheFormHasAQuickWayOutAndAsksHowToReachSafely(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	says(t, v.get("/disputes/about/"+string(p.debts[0].ID)), "Leave this page fast", `rel="noreferrer noopener"`)
	receipt := v.disputeIt(p, "reason_coerced", "yes", "safe_contact", "only by email")
	says(t, v.get(receipt), "Leave this page fast")
}

func TestVAL07_ThePrintedAddressesLeadToTheForms(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	v.goes(303, "/disputes/about/"+id, v.get(v.goes(303, "/disputes/new?debt="+id, v.get("/dispute?debt="+id)).location))
	v.goes(303, "/disputes/about/"+id, v.get(v.goes(303, "/disputes/new", v.get("/dispute")).location))
	says(t, v.get("/disputes/about/"+id+"?reason_not_mine=yes&reason_other=yes"),
		`name="reason_not_mine" value="yes" checked`, `name="reason_other" value="yes" checked`)
	two := b.place(t, owing(15000), owing(100))
	says(t, b.signedIn(t, two).get("/disputes/new"), "Which one is wrong?", string(two.debts[1].ID))
}

func TestDIS06_AskingWhoItWasFirstOwedToIsOneButtonAndHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	page := v.get("/request?debt=" + string(p.debts[0].ID))
	once := onceField.FindStringSubmatch(page.body)
	receipt := v.goes(303, "/disputes/OCR-", v.post("/request", "debt", string(p.debts[0].ID), "once", once[1])).location
	v.goes(303, receipt, v.post("/request", "debt", string(p.debts[0].ID), "once", once[1]))
	says(t, v.get(receipt), "We have your question", "You do not need to pay it meanwhile.")
	says(t, v.get("/account"), "You told us this is wrong.")
}

func TestAComplaintHoldsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	once := onceField.FindStringSubmatch(v.get("/complaint").body)
	says(t, v.post("/complaint", "words", " ", "once", once[1]), "Tell us in a few words what it is.")
	receipt := v.goes(303, "/disputes/CMP-", v.post("/complaint", "words", "You called at night", "once", once[1])).location
	says(t, v.get(receipt), "We have your complaint")
	v.goes(303, "/payments/", v.choose("card", "choice_"+string(p.debts[0].ID), "all"))
}

func TestDIS03_TheAnswerArrivesWithItsPaper(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes")
	d, err := b.disputes.ByReference(t.Context(), p.account.ID, strings.TrimPrefix(receipt, "/disputes/"))
	must(t, err)
	_, err = b.disputes.Answer(t.Context(), d.ID, dispute.Proof{
		Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(b.now()), By: "api:1",
	}, &dispute.Paper{Name: "V-1.pdf", Content: []byte(paper)})
	must(t, err)
	page := v.get(receipt)
	says(t, page, "We have answered", "Our answer")
	if a := v.get(fileLink.FindStringSubmatch(page.body)[1]); a.body != paper {
		t.Errorf("the paper: %d", a.status)
	}
	v.goes(303, "/payments/", v.choose("card", "choice_"+string(p.debts[0].ID), "all"))
}

// hold lets a payment of 40 dollars clear as its debt is disputed.
func (b *bundle) hold(t *testing.T, p person) payments.ID {
	t.Helper()
	pay := payments.Payment{
		ID: "pay_held", Reference: "PAY-HELD2345", AccountID: string(p.account.ID), RequestKey: "held", RequestHash: "hash", Amount: 4000,
		Method: payments.Card, Status: payments.Started, CreatedAt: b.now(), SubmittedAt: b.now(),
		Allocations: []payments.Allocation{{DebtID: string(p.debts[0].ID), DebtRef: p.debts[0].Ref, CreditorRef: "mercy", Amount: 4000}},
	}
	_, _, err := b.store.CreatePayment(t.Context(), pay)
	must(t, err)
	why, err := (&gate.Keeper{Records: b.store, Law: b.law, Now: b.now}).Keep(t.Context(), pay)
	must(t, err)
	pay.Allocations[0].Held = why[pay.Allocations[0].DebtID]
	c, err := payments.Apply(pay, payments.Truth{
		PaymentID: pay.ID, IntentID: "pi_held", State: payments.IntentSucceeded, Amount: 4000, Received: 4000, Currency: money.Currency, ObservedAt: b.now(),
	}, b.now())
	must(t, err)
	must(t, b.store.SavePayment(t.Context(), c))
	return pay.ID
}

func TestAMT06_ThePageAsksWhatBecomesOfAPaymentThatWasOnItsWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes")
	id := string(b.hold(t, p))
	says(t, v.get(receipt), "We hold $40.00 of yours", "What do you want?")
	says(t, v.get("/payments/"+id), "We hold $40.00 of yours", "It does not count as paid.")
	says(t, v.get("/account"), "We hold it. It does not count as paid.", "Held. It does not count yet.")
	says(t, v.get("/receipts/PAY-HELD2345"), "We hold this money. It does not count as paid.")
	if page := v.get("/account"); strings.Contains(page.body, "$110.00") {
		t.Error("what is held lowers what is owed")
	}
	saysNot(t, v.get("/debts/"+string(p.debts[0].ID)), "Paid here since", "Changed since")
	v.goes(303, "/payments/"+id, v.post(receipt+"/payment", "payment", id, "choice", "keep"))
	says(t, v.get("/payments/"+id), "You paid $40.00", "$110.00")
	if page := v.get(receipt); strings.Contains(page.body, "We hold") {
		t.Error("it counts, and is still called held")
	}
	if a := v.post(receipt+"/payment", "payment", "pay_other", "choice", "keep"); a.status != http.StatusNotFound {
		t.Errorf("another payment: %d", a.status)
	}
}

func TestDIS02_InSpanishTheWholeWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	v.post("/language", "lang", "es", "next", "/account")
	says(t, v.get("/disputes/about/"+string(p.debts[0].ID)), "¿Qué está mal?", "Esta deuda no es mía.")
	says(t, v.get(v.disputeIt(p, "reason_not_mine", "yes")), "Tenemos su disputa", "Mientras tanto no tiene que pagarla.")
}
