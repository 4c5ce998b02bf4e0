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
	vectorBody  = "Reason=Participant&ReasonConferenceEnded=test&CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212"
)

var vectors = map[string]string{
	"RSOYDt4T1cUTdK1PDd93/VVr8B8=": "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
	"vOEb5UThFn24KEfnOFLQY2AE5FY=": vectorBody,
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

// TestTheOtherPublishedVectors are of addresses with another scheme or port, of
// a form of two fields, and of fields in a wrong order.
func TestTheOtherPublishedVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, url, body, signature string
		read                       bool
	}{
		{"a port that was not signed", strings.Replace(vectorURL, ".com", ".com:1234", 1), vectorBody, "vOEb5UThFn24KEfnOFLQY2AE5FY=", true},
		{"http", strings.Replace(vectorURL, "https", "http", 1), vectorBody, "n2xBNyzSW7rfYStDtOFiFMv7qNo=", true},
		{"http with a port that was not signed", "http://mycompany.com:1234/myapp.php?foo=1&bar=2", vectorBody, "n2xBNyzSW7rfYStDtOFiFMv7qNo=", true},
		{"another form", vectorURL, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k=", true},
		{"fields in a wrong order", vectorURL, vectorBody, "95+Bu0JVPi0r/SsESZCVf0dWAjw=", false},
		{"no form", vectorURL, `{"property": "value", "boolean": true}`, "vOEb5UThFn24KEfnOFLQY2AE5FY=", false},
		{"an address that is none", "://", vectorBody, "vOEb5UThFn24KEfnOFLQY2AE5FY=", false},
	} {
		if _, err := sms.NewHook(vectorToken, c.url).Parse([]byte(c.body), c.signature); (err == nil) != c.read {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestTheAddressIsSignedWithItsPortToo: with 443 at the end of the host the
// carrier's signature of the same form is another one, and it holds.
func TestTheAddressIsSignedWithItsPortToo(t *testing.T) {
	t.Parallel()
	form := url.Values{"MessageSid": {"SM1"}, "Body": {"hi"}, "Empty": {""}}
	for _, signed := range []string{"https://pay.example/hooks/twilio", "https://pay.example:443/hooks/twilio"} {
		for _, ours := range []string{"https://pay.example/hooks/twilio", "https://pay.example:443/hooks/twilio"} {
			if _, err := sms.NewHook("token", ours).Parse([]byte(form.Encode()), smstest.Sign("token", signed, form)); err != nil {
				t.Errorf("%s signed, %s is ours: %v", signed, ours, err)
			}
		}
	}
	// what nobody signed is not read: the first value of a name counts, here and there
	e, err := sms.NewHook("token", "https://pay.example/hooks/twilio").Parse([]byte(form.Encode()+"&Body=STOP"), smstest.Sign("token", "https://pay.example/hooks/twilio", form))
	if err != nil || e.Body != "hi" {
		t.Errorf("a second value: %+v, %v", e, err)
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
