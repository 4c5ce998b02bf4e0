package stripegw

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// previewDetails describes the method behind a token.
func (g *Gateway) previewDetails(m *stripe.ConfirmationTokenPaymentMethodPreview) payments.Details {
	d := payments.Details{Type: payments.Method(m.Type)}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country, d.Fingerprint = c.Brand, c.Last4, c.Funding, c.Country, g.known(c.Fingerprint)
		d.Expires = lastMonth(c.ExpMonth, c.ExpYear)
		if c.Wallet != nil {
			d.Wallet = string(c.Wallet.Type)
		}
	}
	if b := m.USBankAccount; b != nil {
		d.Brand, d.Last4, d.Country = b.BankName, b.Last4, "US"
	}
	return d
}

// intentDetails describes the method that an intent was last tried with.
func (g *Gateway) intentDetails(pi *stripe.PaymentIntent) payments.Details {
	switch {
	case pi.LatestCharge != nil && pi.LatestCharge.PaymentMethodDetails != nil:
		return g.chargeDetails(pi.LatestCharge)
	case pi.PaymentMethod != nil && pi.PaymentMethod.Type != "":
		return g.methodDetails(pi.PaymentMethod)
	case pi.LastPaymentError != nil && pi.LastPaymentError.PaymentMethod != nil:
		return g.methodDetails(pi.LastPaymentError.PaymentMethod)
	}
	return payments.Details{}
}

func (g *Gateway) chargeDetails(ch *stripe.Charge) payments.Details {
	m := ch.PaymentMethodDetails
	d := payments.Details{Type: payments.Method(m.Type), HolderID: ch.PaymentMethod}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country, d.Fingerprint = string(c.Brand), c.Last4, string(c.Funding), c.Country, g.known(c.Fingerprint)
		d.Expires = lastMonth(c.ExpMonth, c.ExpYear)
		if c.Wallet != nil {
			d.Wallet = string(c.Wallet.Type)
		}
	}
	if b := m.USBankAccount; b != nil {
		d.Brand, d.Last4, d.Country = b.BankName, b.Last4, "US"
	}
	return d
}

func (g *Gateway) methodDetails(m *stripe.PaymentMethod) payments.Details {
	d := payments.Details{Type: payments.Method(m.Type), HolderID: m.ID}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country, d.Fingerprint = string(c.Brand), c.Last4, string(c.Funding), c.Country, g.known(c.Fingerprint)
		d.Expires = lastMonth(c.ExpMonth, c.ExpYear)
		if c.Wallet != nil {
			d.Wallet = string(c.Wallet.Type)
		}
	}
	if b := m.USBankAccount; b != nil {
		d.Brand, d.Last4, d.Country = b.BankName, b.Last4, "US"
	}
	return d
}

// lastMonth is the last month in which a card may be used; empty where the
// processor does not say it.
func lastMonth(month, year int64) string {
	if month < 1 || month > 12 || year < 1 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", year, month)
}

// known is the keyed hash of a card's fingerprint, which alone leaves this
// package: without the key nobody can tell which card it is of. Without a key
// cards are not known again.
func (g *Gateway) known(fingerprint string) string {
	if fingerprint == "" || len(g.fingerprints) == 0 {
		return ""
	}
	mac := hmac.New(sha256.New, g.fingerprints)
	mac.Write([]byte(fingerprint))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
