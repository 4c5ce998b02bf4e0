package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
)

// What a person of the rehearsal does, by the services that the pages call.

// Token is what the processor's script would bring for one of its test methods;
// later is whether the method may be charged when nobody is watching.
func (r *Rehearsal) Token(ctx context.Context, method string, later bool) (string, error) {
	form := url.Values{"payment_method": {method}}
	if later {
		form.Set("setup_future_usage", "off_session")
	}
	return r.TokenFor(ctx, form)
}

// TokenFor is what the script would bring for what was typed into its fields.
func (r *Rehearsal) TokenFor(ctx context.Context, form url.Values) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Portal.Config.Stripe.APIURL+"/v1/test_helpers/confirmation_tokens", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+string(r.Portal.Config.Stripe.SecretKey))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var token struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil || token.ID == "" {
		return "", errors.Join(fmt.Errorf("the processor gave no token for %v", form["payment_method"]), err)
	}
	return token.ID, nil
}

// FirstDebt is a sample's account and its first debt.
func (r *Rehearsal) FirstDebt(ctx context.Context, ref string) (debt.AccountID, debt.Statement, error) {
	account, _, err := r.Portal.Store.AccountByRef(ctx, ref)
	if err != nil {
		return "", debt.Statement{}, err
	}
	statements, err := r.Portal.Store.AccountStatements(ctx, account.ID)
	if err == nil && len(statements) == 0 {
		err = fmt.Errorf("account %s has no debt", ref)
	}
	if err != nil {
		return "", debt.Statement{}, err
	}
	return account.ID, statements[0], nil
}

// AgreeToPlan makes a plan on the first debt of a sample account.
func (r *Rehearsal) AgreeToPlan(ctx context.Context, ref string, method payments.Method, card string, w plans.Wish) (plans.Plan, debt.AccountID, error) {
	id, st, err := r.FirstDebt(ctx, ref)
	if err != nil {
		return plans.Plan{}, "", err
	}
	draft, _, err := r.Portal.Plans.Begin(ctx, string(id), string(st.Debt.ID), w)
	if err != nil {
		return plans.Plan{}, "", err
	}
	token, err := r.Token(ctx, card, true)
	if err != nil {
		return plans.Plan{}, "", err
	}
	if _, err = r.Portal.Plans.Choose(ctx, string(id), draft.ID, plans.Automatic, method, token); err != nil {
		return plans.Plan{}, "", err
	}
	p, err := r.Portal.Plans.Enroll(ctx, string(id), draft.ID, "Pat Sample", agreed("I agree to each amount on each day."))
	return p, id, err
}

// Pay pays an amount on the first debt of a sample account. The key is the
// form's: the same key never pays twice.
func (r *Rehearsal) Pay(ctx context.Context, ref, key string, amount money.Cents, method payments.Method, card string) (payments.Payment, error) {
	id, st, err := r.FirstDebt(ctx, ref)
	if err != nil {
		return payments.Payment{}, err
	}
	p, err := r.Portal.Payments.Start(ctx, payments.Request{
		AccountID: string(id), RequestKey: key, Method: method, Amounts: []payments.Amount{{DebtID: string(st.Debt.ID), Amount: amount}},
	})
	if err != nil {
		return p, err
	}
	token, err := r.Token(ctx, card, false)
	if err != nil {
		return p, err
	}
	if _, err := r.Portal.Payments.Choose(ctx, string(id), p.ID, token); err != nil {
		return p, err
	}
	return r.Portal.Payments.Submit(ctx, string(id), p.ID, agreed("I agree that this amount is taken once."))
}

func agreed(words string) payments.Consent {
	return payments.Consent{Text: words, SessionID: "ses_sample", IP: "203.0.113.9", UserAgent: "rehearsal", Language: "en"}
}
