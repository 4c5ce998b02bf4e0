package stripegw

import (
	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// previewDetails describes the method behind a token.
func previewDetails(m *stripe.ConfirmationTokenPaymentMethodPreview) payments.Details {
	d := payments.Details{Type: payments.Method(m.Type)}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country = c.Brand, c.Last4, c.Funding, c.Country
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
func intentDetails(pi *stripe.PaymentIntent) payments.Details {
	switch {
	case pi.LatestCharge != nil && pi.LatestCharge.PaymentMethodDetails != nil:
		return chargeDetails(pi.LatestCharge)
	case pi.PaymentMethod != nil && pi.PaymentMethod.Type != "":
		return methodDetails(pi.PaymentMethod)
	case pi.LastPaymentError != nil && pi.LastPaymentError.PaymentMethod != nil:
		return methodDetails(pi.LastPaymentError.PaymentMethod)
	}
	return payments.Details{}
}

func chargeDetails(ch *stripe.Charge) payments.Details {
	m := ch.PaymentMethodDetails
	d := payments.Details{Type: payments.Method(m.Type), HolderID: ch.PaymentMethod}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country = string(c.Brand), c.Last4, string(c.Funding), c.Country
		if c.Wallet != nil {
			d.Wallet = string(c.Wallet.Type)
		}
	}
	if b := m.USBankAccount; b != nil {
		d.Brand, d.Last4, d.Country = b.BankName, b.Last4, "US"
	}
	return d
}

func methodDetails(m *stripe.PaymentMethod) payments.Details {
	d := payments.Details{Type: payments.Method(m.Type), HolderID: m.ID}
	if c := m.Card; c != nil {
		d.Brand, d.Last4, d.Funding, d.Country = string(c.Brand), c.Last4, string(c.Funding), c.Country
		if c.Wallet != nil {
			d.Wallet = string(c.Wallet.Type)
		}
	}
	if b := m.USBankAccount; b != nil {
		d.Brand, d.Last4, d.Country = b.BankName, b.Last4, "US"
	}
	return d
}
