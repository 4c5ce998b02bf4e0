package store

import (
	"encoding/json"
	"fmt"

	"quittance/payments"
)

// detailsRow is what is shown of a method that is still to come, as it is stored.
type detailsRow struct {
	Type    payments.Method `json:"type"`
	Brand   string          `json:"brand,omitempty"`
	Last4   string          `json:"last4,omitempty"`
	Funding string          `json:"funding,omitempty"`
	Wallet  string          `json:"wallet,omitempty"`
	Country string          `json:"country,omitempty"`
	Holder  string          `json:"holder,omitempty"`
	Expires string          `json:"expires,omitempty"`
}

// writeDetails is empty for no method.
func writeDetails(d payments.Details) (string, error) {
	if d == (payments.Details{}) {
		return "", nil
	}
	text, err := json.Marshal(detailsRow{d.Type, d.Brand, d.Last4, d.Funding, d.Wallet, d.Country, d.HolderID, d.Expires})
	return string(text), err
}

func readDetails(text string) (payments.Details, error) {
	if text == "" {
		return payments.Details{}, nil
	}
	var r detailsRow
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return payments.Details{}, fmt.Errorf("read a method: %w", err)
	}
	return payments.Details{
		Type: r.Type, Brand: r.Brand, Last4: r.Last4, Funding: r.Funding, Wallet: r.Wallet, Country: r.Country, HolderID: r.Holder, Expires: r.Expires,
	}, nil
}
