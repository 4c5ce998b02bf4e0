package outbox_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/represent"
)

var update = flag.Bool("update", false, "write the examples anew")

// TestW10_EveryEmittedTypeHasASchemaAndItsExampleIsWhatIsReallySent holds the
// promise of the schemas: a changed body changes an example file.
func TestW10_EveryEmittedTypeHasASchemaAndItsExampleIsWhatIsReallySent(t *testing.T) {
	t.Parallel()
	bodies := everyType(t)
	for _, typ := range emitted() {
		body, ok := bodies[typ]
		if !ok {
			t.Errorf("%s is emitted but this test does not make one", typ)
			continue
		}
		if *update {
			if err := os.WriteFile("schemas/"+string(typ)+".1.example.json", indented(t, body), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		example, err := outbox.Example(typ, "1")
		if err != nil {
			t.Errorf("%s: no example: %v", typ, err)
			continue
		}
		if want := indented(t, body); string(example) != string(want) {
			t.Errorf("%s: the example is not what is sent; run go test ./portal/outbox -update if this is meant\ngot  %s\nwant %s", typ, example, want)
		}
	}
}

func TestW10_EveryEmittedBodySatisfiesItsSchemaAndIsSmall(t *testing.T) {
	t.Parallel()
	for typ, body := range everyType(t) {
		for _, problem := range validateBody(t, typ, body) {
			t.Errorf("%s: %s", typ, problem)
		}
		if len(body) > 20_000 {
			t.Errorf("%s: %d bytes", typ, len(body))
		}
	}
}

func TestASchemaRefusesWhatItShould(t *testing.T) {
	t.Parallel()
	body := string(everyType(t)[outbox.PaymentConfirmed])
	for name, change := range map[string][2]string{
		"an unknown field":        {`"data":{`, `"data":{"name":"Ann",`},
		"a missing field":         {`"sequence":7,`, ``},
		"a fraction of a cent":    {`"amount_cents":15000`, `"amount_cents":150.5`},
		"another currency":        {`"currency":"usd"`, `"currency":"eur"`},
		"another type":            {`"type":"payment.confirmed"`, `"type":"payment.failed"`},
		"a time that is not one":  {`"timestamp":"2026`, `"timestamp":"yesterday 2026`},
		"a method without a name": {`"method":"us_bank_account"`, `"method":""`},
	} {
		broken := strings.Replace(body, change[0], change[1], 1)
		if broken == body {
			t.Fatalf("%s: the body was not changed", name)
		}
		if len(validateBody(t, outbox.PaymentConfirmed, []byte(broken))) == 0 {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestReservedAndUnknownTypesHaveNoSchema(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"payment.confirmed", "2"}, {"payment.confirmed", "../payment.failed.1"}, {"../event", "go"}, {"", ""}} {
		if _, err := outbox.Schema(outbox.Type(c[0]), c[1]); err == nil {
			t.Errorf("%v has a schema", c)
		}
	}
}

func TestTypesAreNamedAsStandardWebhooksWantsThem(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)+$`)
	seen := map[outbox.Type]bool{}
	for _, k := range outbox.Kinds {
		if !name.MatchString(string(k.Type)) || seen[k.Type] {
			t.Errorf("%q is badly named or listed twice", k.Type)
		}
		seen[k.Type] = true
	}
	if len(seen) != 37 {
		t.Errorf("%d types; the contract names 37", len(seen))
	}
}

func emitted() []outbox.Type {
	types := []outbox.Type{outbox.EndpointTest}
	for _, k := range outbox.Kinds {
		if k.Use == outbox.Emitted {
			types = append(types, k.Type)
		}
	}
	return types
}

func indented(t *testing.T, body []byte) []byte {
	t.Helper()
	var v json.RawMessage = body
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(out, '\n')
}

// everyType makes one body of every type the way the portal does, numbered 7.
func everyType(t *testing.T) map[outbox.Type][]byte {
	t.Helper()
	b := setup(t)
	ctx := t.Context()
	b.paymentStory(t)
	b.planStory(t)
	b.disputeStory(t)
	steps := []error{
		b.recorder.MessageChanged(ctx, notice.Outgoing{ID: "msg_01", AccountID: "acc_1", Channel: contact.SMS, Status: notice.Failed, Problem: "undeliverable"}),
		b.recorder.MessageChanged(ctx, notice.Outgoing{ID: "msg_02", AccountID: "acc_1", Channel: contact.SMS, Status: notice.Sent}),
		b.recorder.ContactChanged(ctx, contact.Change{Kind: contact.Wished, AccountID: "acc_1", By: "consumer", TextVersion: "preferences/1",
			Wish: contact.Wish{NoSMS: true, Days: []time.Weekday{time.Sunday}, From: 9, Until: 17, OwnWords: []byte("sealed")}}),
		b.recorder.ContactChanged(ctx, contact.Change{Kind: contact.Ended, AccountID: "acc_1", Channel: contact.SMS, By: "consumer"}),
		b.recorder.ContactUpdated(ctx, "acc_1", outbox.ContactFacts{What: "phone", Phone: "+13025550199", OldWasTold: true}),
		b.recorder.MessageReceived(ctx, "acc_1", outbox.ReceivedFacts{ID: "thr_01", Via: "portal"}),
		b.recorder.CeaseRequested(ctx, "acc_1", outbox.CeaseFacts{ID: "cea_01", Via: "portal", DebtRefs: []string{"D-1001"}}),
		b.recorder.Overpaid(ctx, "acc_1", outbox.CreditFacts{ID: "crd_01", DebtRef: "D-1001", CreditorRef: "mercy", AmountCents: 4000, SendBackBy: "2026-12-07",
			PaymentID: "pay_01", PaymentReference: "PAY-7KQ2M9XD"}),
		b.recorder.Sealed(ctx, outbox.SealedFacts{Day: "2026-11-23", Chains: []outbox.ChainFacts{{Name: "audit", Position: 1204, Link: strings.Repeat("3f", 32)}}}),
		b.recorder.Mismatch(ctx, outbox.ReconciledFacts{Day: "2026-11-21", Subject: "processor", ExpectedCents: 15000, FoundCents: 14000, DifferenceCents: -1000, PaymentID: "pay_01", ProcessorRef: "pi_01", Reason: "amount"}),
	}
	for _, err := range steps {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := b.recorder.IdentityChanged(ctx, identity.Change{
		Kind: identity.ConsumerVerified, AccountID: "acc_1", Via: identity.ByCode, Speaker: represent.Speaker{ID: "rep_01", Role: represent.Executor},
	}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []identity.Kind{identity.LinkSent, identity.LinkOpened, identity.WrongPartyReported} {
		b.identified(t, kind)
	}
	b.claimStory(t)
	b.heldStory(t)
	in := newInbox(t)
	other := setup(t, in.Server)
	id, _ := other.add(t, outbox.NewEndpoint{URL: in.URL})
	stop, start := outbox.Paused, outbox.Active
	for _, s := range []*outbox.EndpointStatus{&stop, &start} {
		if _, err := other.desk.Change(ctx, id, outbox.Edit{Status: s}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := other.desk.Test(ctx, id); err != nil {
		t.Fatal(err)
	}
	bodies := map[outbox.Type][]byte{outbox.EndpointTest: []byte(in.messages()[0].body)}
	for _, e := range append(b.events, other.events...) {
		body, err := outbox.Body(e, 7, debt.CreditorsOf(""))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := bodies[e.Type]; !ok {
			bodies[e.Type] = body
		}
	}
	return bodies
}

// paymentStory tells of a bank payment over two debts of two creditors that is
// submitted, confirmed, refunded in part, taken back by the bank and
// reinstated, and of another that fails.
func (b *bench) paymentStory(t *testing.T) {
	t.Helper()
	at := b.clock.Now()
	p := payments.Payment{
		ID: "pay_01", Reference: "PAY-7KQ2M9XD", AccountID: "acc_1", Amount: 15000, Method: payments.BankAccount,
		Status: payments.Submitting, SubmittedAt: at, IntentID: "pi_3QAbc",
		Allocations: []payments.Allocation{
			{DebtID: "dbt_1", DebtRef: "D-1001", CreditorRef: "mercy", Amount: 10000},
			{DebtID: "dbt_2", DebtRef: "D-1002", CreditorRef: "northside", Amount: 5000},
		},
	}
	b.owed["dbt_1"], b.owed["dbt_2"] = 43217, 5000
	truth := payments.Truth{PaymentID: p.ID, IntentID: p.IntentID, Currency: money.Currency, Amount: p.Amount, ExpectedBy: at.Add(96 * time.Hour)}
	for _, step := range []func(*payments.Truth){
		func(r *payments.Truth) { r.State = payments.IntentProcessing },
		func(r *payments.Truth) { r.State, r.Received = payments.IntentSucceeded, p.Amount },
		func(r *payments.Truth) { r.Refunded = 2000 },
		func(r *payments.Truth) {
			r.Withdrawn, r.Failure = 13000, payments.Failure{Code: "debit_not_authorized", ReturnCode: "R10"}
		},
		func(r *payments.Truth) { r.Withdrawn, r.Failure = 0, payments.Failure{} },
	} {
		at = at.Add(time.Hour)
		step(&truth)
		truth.ObservedAt = at
		p = b.apply(t, p, truth, at)
	}
	failed := p
	failed.ID, failed.Status, failed.ConfirmedAt, failed.Refunded, failed.ReversibleUntil = "pay_02", payments.Processing, time.Time{}, 0, time.Time{}
	b.apply(t, failed, payments.Truth{
		PaymentID: "pay_02", IntentID: p.IntentID, Currency: money.Currency, Amount: p.Amount, State: payments.IntentOpen,
		Failure: payments.Failure{Code: "insufficient_funds", ReturnCode: "R01"}, ObservedAt: at.Add(time.Hour),
	}, at.Add(time.Hour))
}

// heldStory tells of a bank payment that clears for a debt that was disputed by
// then.
func (b *bench) heldStory(t *testing.T) {
	t.Helper()
	at := b.clock.Now()
	b.apply(t, payments.Payment{
		ID: "pay_03", Reference: "PAY-9XD7KQ2M", AccountID: "acc_1", Amount: 5000, Method: payments.BankAccount,
		Status: payments.Processing, SubmittedAt: at, IntentID: "pi_3QAbd",
		Allocations: []payments.Allocation{{DebtID: "dbt_2", DebtRef: "D-1002", CreditorRef: "northside", Amount: 5000, Held: "disputed"}},
	}, payments.Truth{
		PaymentID: "pay_03", IntentID: "pi_3QAbd", Currency: money.Currency, Amount: 5000, State: payments.IntentSucceeded, Received: 5000, ObservedAt: at.Add(time.Hour),
	}, at.Add(time.Hour))
}

// apply decides, posts to the balances and tells the recorder, as the payment
// service does in one transaction.
func (b *bench) apply(t *testing.T, p payments.Payment, truth payments.Truth, now time.Time) payments.Payment {
	t.Helper()
	c, err := payments.Apply(p, truth, now)
	if err != nil {
		t.Fatal(err)
	}
	b.post(c)
	b.clock.Set(now)
	if err := b.recorder.PaymentChanged(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return c.After
}

func (b *bench) post(c payments.Change) {
	for _, transfer := range c.Transfers {
		for _, e := range transfer.Entries {
			if debt, ok := e.Account.DebtID(); ok {
				b.owed[debt] += e.Amount
			}
		}
	}
}

// TestWHK02_BalancesAreThoseAfterEachEventEvenWhenTheyComeTogether lets the
// portal learn of a confirmation, a refund and a reversal in one answer of the
// processor.
func TestWHK02_BalancesAreThoseAfterEachEventEvenWhenTheyComeTogether(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := payments.Payment{
		ID: "pay_01", Reference: "PAY-7KQ2M9XD", AccountID: "acc_1", Amount: 10000, Method: payments.Card, Status: payments.Checking, IntentID: "pi_1",
		Allocations: []payments.Allocation{{DebtID: "dbt_1", DebtRef: "D-1", CreditorRef: "mercy", Amount: 10000}},
	}
	b.owed["dbt_1"] = 50000
	b.apply(t, p, payments.Truth{
		PaymentID: p.ID, IntentID: p.IntentID, Currency: money.Currency, Amount: p.Amount, Received: p.Amount,
		State: payments.IntentSucceeded, Refunded: 2000, Withdrawn: 8000, ObservedAt: b.clock.Now(),
	}, b.clock.Now())
	want := []struct {
		typ           outbox.Type
		change, after money.Cents
	}{{outbox.PaymentConfirmed, -10000, 40000}, {outbox.PaymentRefunded, 2000, 42000}, {outbox.PaymentReversed, 8000, 50000}}
	if len(b.events) != len(want) {
		t.Fatalf("%d events", len(b.events))
	}
	for i, w := range want {
		var d outbox.Data
		if err := json.Unmarshal(b.events[i].Facts, &d); err != nil {
			t.Fatal(err)
		}
		a := d.Payment.Allocations[0]
		if b.events[i].Type != w.typ || a.ChangeCents != w.change || a.BalanceAfterCents != w.after {
			t.Errorf("%d: %s changed %d to %d, want %+v", i, b.events[i].Type, a.ChangeCents, a.BalanceAfterCents, w)
		}
		if original := d.OriginalEventID; i > 0 && original != b.events[0].ID {
			t.Errorf("%s is about %q, not the confirmation", w.typ, original)
		}
	}
}

// validateBody checks a body against its type's schema with the part of JSON
// Schema that the schemas use; a keyword it does not know fails the test.
func validateBody(t *testing.T, typ outbox.Type, body []byte) []string {
	t.Helper()
	raw, err := outbox.Schema(typ, "1")
	if err != nil {
		t.Fatalf("%s: %v", typ, err)
	}
	var schema map[string]any
	var value any
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil || !utf8.Valid(body) {
		return []string{"not JSON in UTF-8"}
	}
	return validate("body", schema, value)
}

func validate(path string, schema map[string]any, value any) []string {
	var problems []string
	fail := func(format string, args ...any) {
		problems = append(problems, path+": "+fmt.Sprintf(format, args...))
	}
	text, isText := value.(string)
	for keyword, want := range schema {
		switch keyword {
		case "$schema", "$id", "title", "description", "properties", "items":
		case "type":
			if got := typeOf(value); got != want {
				fail("is %s, not %v", got, want)
			}
		case "const":
			if !reflect.DeepEqual(value, want) {
				fail("is %v, not %v", value, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), value) {
				fail("%v is none of %v", value, want)
			}
		case "minLength":
			if isText && len(text) < int(want.(float64)) {
				fail("is too short")
			}
		case "pattern":
			if isText && !regexp.MustCompile(want.(string)).MatchString(text) {
				fail("does not match %v", want)
			}
		case "format":
			if _, err := time.Parse(time.RFC3339, text); err != nil || !strings.HasSuffix(text, "Z") {
				fail("%q is not a time in UTC", text)
			}
		case "minimum":
			if n, ok := value.(json.Number); ok {
				if i, err := n.Int64(); err != nil || i < int64(want.(float64)) {
					fail("%v is below %v", n, want)
				}
			}
		case "minItems":
			if list, ok := value.([]any); ok && len(list) < int(want.(float64)) {
				fail("has too few items")
			}
		case "required":
			object, _ := value.(map[string]any)
			for _, name := range want.([]any) {
				if _, ok := object[name.(string)]; !ok {
					fail("lacks %v", name)
				}
			}
		case "additionalProperties":
			object, _ := value.(map[string]any)
			known, _ := schema["properties"].(map[string]any)
			for name := range object {
				if _, ok := known[name]; !ok {
					fail("has the unknown field %s", name)
				}
			}
		default:
			fail("schema keyword %s is not one this test knows", keyword)
		}
	}
	return append(problems, validateParts(path, schema, value)...)
}

func validateParts(path string, schema map[string]any, value any) []string {
	var problems []string
	switch v := value.(type) {
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		for name, part := range v {
			if s, ok := properties[name].(map[string]any); ok {
				problems = append(problems, validate(path+"."+name, s, part)...)
			}
		}
	case []any:
		items, _ := schema["items"].(map[string]any)
		for i, part := range v {
			problems = append(problems, validate(fmt.Sprintf("%s[%d]", path, i), items, part)...)
		}
	}
	return problems
}

func typeOf(v any) string {
	switch n := v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case json.Number:
		if _, err := n.Int64(); err == nil {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "null"
}
