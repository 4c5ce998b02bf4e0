package sms_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"quittance/portal/notice"
	"quittance/portal/notice/sms"
	"quittance/portal/notice/sms/smstest"
)

// The vectors are the carrier's own, published with its description of how it
// signs and with its library.
const (
	vectorURL   = "https://mycompany.com/myapp.php?foo=1&bar=2"
	vectorToken = "12345"
)

var vectors = map[string]string{
	"RSOYDt4T1cUTdK1PDd93/VVr8B8=": "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
	"vOEb5UThFn24KEfnOFLQY2AE5FY=": "Reason=Participant&ReasonConferenceEnded=test&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
}

func TestOnlyWhatTheCarrierSignedIsRead(t *testing.T) {
	t.Parallel()
	for signature, body := range vectors {
		for _, c := range []struct {
			name, token, url, body, signature string
			read                              bool
		}{
			{"as published", vectorToken, vectorURL, body, signature, true},
			{"with the port of https", vectorToken, strings.Replace(vectorURL, ".com/", ".com:443/", 1), body, signature, true},
			{"another token", "12346", vectorURL, body, signature, false},
			{"another address", vectorToken, strings.Replace(vectorURL, "mycompany", "othercompany", 1), body, signature, false},
			{"the scheme of a proxy's inside", vectorToken, strings.Replace(vectorURL, "https", "http", 1), body, signature, false},
			{"another query", vectorToken, strings.TrimSuffix(vectorURL, "2") + "3", body, signature, false},
			{"a changed value", vectorToken, vectorURL, strings.Replace(body, "1234&", "1235&", 1), signature, false},
			{"a value more", vectorToken, vectorURL, body + "&Body=STOP", signature, false},
			{"no signature", vectorToken, vectorURL, body, "", false},
			{"another's signature", vectorToken, vectorURL, body, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", false},
			{"no form", vectorToken, vectorURL, "%zz", signature, false},
		} {
			e, err := sms.NewHook(c.token, c.url).Parse([]byte(c.body), c.signature)
			if (err == nil) != c.read || err != nil && !errors.Is(err, sms.ErrSignature) || c.read && e.From != "+14158675309" {
				t.Errorf("%s: %+v, %v", c.name, e, err)
			}
		}
	}
}

func TestALostTextIsKeptWithWhatTheCarrierSaysOfTheNumber(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"": notice.ProblemUndeliverable, "30003": notice.ProblemUndeliverable, "30004": notice.ProblemUndeliverable, "30007": notice.ProblemUndeliverable,
		"30005": notice.ProblemBounced, "30006": notice.ProblemBounced, "21610": notice.ProblemStopped, "nonsense": notice.ProblemUndeliverable,
	} {
		e := parsed(t, url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"undelivered"}, "ErrorCode": {code}})
		if !e.Lost() || e.Incoming() || e.Problem() != want {
			t.Errorf("%q: lost %v, %q", code, e.Lost(), e.Problem())
		}
	}
	for _, status := range []string{"queued", "sent", "delivered"} {
		if e := parsed(t, url.Values{"MessageSid": {"SM1"}, "MessageStatus": {status}}); e.Lost() || e.Incoming() {
			t.Errorf("%s is %+v", status, e)
		}
	}
	if e := parsed(t, url.Values{"MessageSid": {"SM1"}, "SmsStatus": {"received"}, "From": {"+12125550123"}, "Body": {"hi"}}); !e.Incoming() || e.Lost() {
		t.Errorf("a text that came in is %+v", e)
	}
}

func parsed(t *testing.T, form url.Values) sms.Event {
	t.Helper()
	const address = "https://pay.example/hooks/twilio"
	e, err := sms.NewHook("token", address).Parse([]byte(form.Encode()), smstest.Sign("token", address, form))
	if err != nil {
		t.Fatal(err)
	}
	return e
}
