package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"quittance/payments"
	"quittance/payments/stripegw"
	"quittance/portal/debt"
	"quittance/portal/intake"
)

// till is a portal with submitted payments, each of an account of its own.
type till struct {
	*portal
	next, end int // keys of the payments not used yet
}

func newTill(ctx context.Context, p *portal, payable int) (*till, error) {
	in := stream(payable, 1)
	defer in.Close()
	report, err := p.importer.Import(ctx, in, intake.Options{})
	if err != nil {
		return nil, err
	}
	if report.New != payable {
		return nil, fmt.Errorf("of %d debts %d were placed", payable, report.New)
	}
	all := make([]payments.Payment, payable)
	for i := range all {
		n := strconv.Itoa(firstKey + i)
		all[i] = processing(firstKey+i, "dbt_"+n, "D-"+n)
	}
	return &till{portal: p, next: firstKey, end: firstKey + payable}, createPayments(ctx, p, all)
}

// take hands out so many payments that nobody has used.
func (t *till) take(n int) (first int, err error) {
	if t.next+n > t.end {
		return 0, fmt.Errorf("only %d payments are left of the %d that are needed", t.end-t.next, n)
	}
	first = t.next
	t.next += n
	return first, nil
}

// succeeded is the processor's event that a payment went well, as long as the
// processor writes it.
func succeeded(key int) []byte {
	n := strconv.Itoa(key)
	return []byte(`{"id":"evt_` + n + `","object":"event","api_version":"` + stripegw.APIVersion + `","created":` + strconv.FormatInt(time.Now().Unix(), 10) +
		`,"livemode":false,"pending_webhooks":1,"request":{"id":null,"idempotency_key":null},"type":"payment_intent.succeeded","data":{"object":{` +
		`"id":"pi_` + n + `","object":"payment_intent","amount":1500,"amount_capturable":0,"amount_details":{"tip":{}},"amount_received":1500,` +
		`"application":null,"application_fee_amount":null,"automatic_payment_methods":null,"canceled_at":null,"cancellation_reason":null,` +
		`"capture_method":"automatic","client_secret":"pi_` + n + `_secret_benchmark","confirmation_method":"automatic","created":1767225600,` +
		`"currency":"usd","customer":null,"description":null,"invoice":null,"last_payment_error":null,"latest_charge":"py_` + n + `","livemode":false,` +
		`"metadata":{"payment_id":"pay_` + n + `"},"next_action":null,"on_behalf_of":null,"payment_method":"pm_` + n + `",` +
		`"payment_method_configuration_details":null,"payment_method_options":{"us_bank_account":{"verification_method":"automatic"}},` +
		`"payment_method_types":["us_bank_account"],"processing":null,"receipt_email":null,"review":null,"setup_future_usage":null,"shipping":null,` +
		`"source":null,"statement_descriptor":null,"statement_descriptor_suffix":null,"status":"succeeded","transfer_data":null,"transfer_group":null}}}`)
}

func signature(body []byte) string {
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(webhookSecret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return "t=" + at + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func eventVisit(key int) visit {
	body := succeeded(key)
	return visit("POST /hooks/stripe HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n" +
		"Accept: */*\r\nContent-Type: application/json; charset=utf-8\r\nStripe-Signature: " + signature(body) +
		"\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body))
}

// confirmAll confirms so many payments for each client.
func (b *bench) confirmAll(ctx context.Context, t *till, address string) (outcome, error) {
	clients, each := b.clients, b.confirmations
	first, err := t.take(clients * each)
	if err != nil {
		return outcome{}, err
	}
	lists := make([][]visit, clients)
	for i := range clients * each {
		lists[i%clients] = append(lists[i%clients], eventVisit(first+i))
	}
	spent := b.meter()
	m, err := work(ctx, address, lists)
	if err != nil {
		return outcome{}, err
	}
	return spent.outcome(m.rate, m.answers), t.check(ctx, first, first+clients*each-1)
}

// check makes sure that payments are posted and told: a fast answer that did
// nothing is no answer. The payments themselves are not read: pgbench writes the
// sealed words of one into the rows of all, which the portal rightly refuses.
func (t *till) check(ctx context.Context, keys ...int) error {
	for _, key := range keys {
		n := strconv.Itoa(key)
		owed, err := t.Store.AccountStatements(ctx, debt.AccountID("acc_"+n))
		if err != nil {
			return err
		}
		if len(owed) != 1 || owed[0].Owed != owed[0].Debt.Snapshot.Balance-paid {
			return fmt.Errorf("payment %s was not posted: of its debt is owed %+v", n, owed)
		}
		if _, err := t.Store.LatestEvent(ctx, payments.ID("pay_"+n), "payment.confirmed"); err != nil {
			return fmt.Errorf("payment %s was not told: %w", n, err)
		}
	}
	return nil
}

// confirmScript is what one confirmation says to the database.
func (b *bench) confirmScript(ctx context.Context, t *till, database string) (string, error) {
	first, err := t.take(2)
	if err != nil {
		return "", err
	}
	trips, err := b.tapped(ctx, database, func(p *portal, tap *wiretap) ([]trip, error) {
		post := func(key int) error {
			body := succeeded(key)
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1/hooks/stripe", strings.NewReader(string(body)))
			if err != nil {
				return err
			}
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("Stripe-Signature", signature(body))
			response, err := p.server.Test(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			if response.StatusCode != http.StatusOK {
				return fmt.Errorf("the event was answered with %d", response.StatusCode)
			}
			return nil
		}
		if err := post(first); err != nil { // prepares the statements
			return nil, err
		}
		return tap.during(func() error { return post(first + 1) })
	})
	if err != nil {
		return "", err
	}
	told, err := t.Store.LatestEvent(ctx, payments.ID("pay_"+strconv.Itoa(first+1)), "payment.confirmed")
	if err != nil {
		return "", err
	}
	prelude := []string{`\set i :i + 1`, `\set n :first + :client_id * :each + :i`}
	return script(prelude, trips, map[string]string{strconv.Itoa(first + 1): "n", strings.TrimPrefix(string(told), "evt_"): "n"}), nil
}

// confirmCeiling is the same by pgbench.
func (b *bench) confirmCeiling(ctx context.Context, t *till, c *ceiling, script string) (outcome, error) {
	clients, each := b.clients, b.confirmations
	first, err := t.take(clients * each)
	if err != nil {
		return outcome{}, err
	}
	o, err := c.run(ctx, run{
		name: "confirmation", script: script, clients: clients, each: each,
		define: map[string]int{"i": -1, "first": first, "each": each},
	})
	if err != nil {
		return outcome{}, err
	}
	return o, t.check(ctx, first, first+clients*each-1)
}
