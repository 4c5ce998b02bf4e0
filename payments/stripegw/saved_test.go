package stripegw

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"quittance/payments"
)

// answering is a gateway before a server that answers every request with a
// status and a text.
func answering(t *testing.T, status int, text string) *Gateway {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, text)
	}))
	t.Cleanup(srv.Close)
	return gateway(t, func(c *Config) { c.APIURL = srv.URL })
}

func TestASetupIsReadAsItStands(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]payments.Setup{
		`{"status":"requires_action","next_action":{"type":"redirect_to_url","redirect_to_url":{"url":"https://bank.example/3ds"}}}`: {
			State: payments.SetupNeedsAction, ActionURL: "https://bank.example/3ds",
		},
		`{"status":"requires_action"}`:         {State: payments.SetupNeedsAction},
		`{"status":"processing"}`:              {State: payments.SetupOpen},
		`{"status":"requires_payment_method"}`: {State: payments.SetupOpen},
		`{"status":"requires_payment_method","last_setup_error":{"code":"payment_method_microdeposit_verification_timeout",
			"payment_method":{"id":"pm_1","type":"us_bank_account","us_bank_account":{"status_details":{"blocked":{"network_code":"R02"}}}}}}`: {
			State: payments.SetupFailed, Failure: payments.Failure{Code: "payment_method_microdeposit_verification_timeout", ReturnCode: "R02"},
		},
		`{"status":"canceled"}`: {State: payments.SetupFailed},
		`{"status":"succeeded","customer":"cus_1","mandate":"mandate_1","payment_method":"pm_1"}`: {
			State: payments.SetupReady, Saved: payments.Saved{CustomerID: "cus_1", MethodID: "pm_1", MandateID: "mandate_1"},
			Details: payments.Details{HolderID: "pm_1"},
		},
	} {
		want.ID = "seti_1"
		got, err := answering(t, http.StatusOK, `{"id":"seti_1","object":"setup_intent",`+text[1:]).FetchSetup(t.Context(), "seti_1")
		if err != nil || got != want {
			t.Errorf("%s\n is %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

func TestASetupThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		`{"id":"seti_1","status":"of_tomorrow"}`:               payments.ErrUnknownOutcome,
		`{"id":"seti_1","status":"succeeded","livemode":true}`: payments.ErrWrongMode,
	} {
		if _, err := answering(t, http.StatusOK, text).FetchSetup(t.Context(), "seti_1"); !errors.Is(err, want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestADeclineWithoutItsSetupIsRefused(t *testing.T) {
	t.Parallel()
	request := payments.SaveRequest{Key: "drf_1", CustomerID: "cus_1", Method: payments.Card, Token: "ctoken_1"}
	g := answering(t, http.StatusPaymentRequired, `{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card"}}`)
	if _, err := g.SaveMethod(t.Context(), request); !errors.Is(err, payments.ErrRefused) {
		t.Errorf("%v", err)
	}
	g = answering(t, http.StatusPaymentRequired, `{"error":{"type":"card_error","code":"card_declined","decline_code":"lost_card",
		"payment_method":{"id":"pm_1","type":"card","card":{"last4":"0002"}},"setup_intent":{"id":"seti_1","status":"requires_payment_method"}}}`)
	s, err := g.SaveMethod(t.Context(), request)
	if err != nil || s.State != payments.SetupFailed || s.Failure.Code != "lost_card" || s.Details.Last4 != "0002" {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestAMethodThatIsStillThereIsNotTakenForForgotten has a processor that will not
// take the method off its customer.
func TestAMethodThatIsStillThereIsNotTakenForForgotten(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/detach") {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":{"type":"invalid_request_error"}}`)
			return
		}
		fmt.Fprint(w, `{"id":"pm_1","customer":"cus_1"}`)
	}))
	t.Cleanup(srv.Close)
	g := gateway(t, func(c *Config) { c.APIURL = srv.URL })
	if err := g.Forget(t.Context(), payments.Saved{MethodID: "pm_1"}); !errors.Is(err, payments.ErrRefused) {
		t.Errorf("%v", err)
	}
}
