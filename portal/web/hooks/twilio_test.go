package hooks_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/portal/notice"
	"quittance/portal/notice/sms"
	"quittance/portal/notice/sms/smstest"
	"quittance/portal/talk"
	"quittance/portal/web"
	"quittance/portal/web/hooks"
)

const (
	token   = "token-of-the-tests"
	address = "https://pay.example/hooks/twilio"
)

// carrier is the hook on a real server, with what it hands on.
type carrier struct {
	*web.Server
	texts  []talk.Text
	lost   []string
	broken error
	log    strings.Builder
}

func (c *carrier) Take(_ context.Context, t talk.Text) error {
	c.texts = append(c.texts, t)
	return c.broken
}

func (c *carrier) LostBy(_ context.Context, providerID, problem string) error {
	if providerID == "SM9" {
		return notice.ErrUnknown
	}
	c.lost = append(c.lost, providerID+" "+problem)
	return c.broken
}

func setup(t *testing.T) *carrier {
	t.Helper()
	c := &carrier{}
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := frontend.Load("")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(&c.log, nil))
	hook := &hooks.Twilio{Parser: sms.NewHook(token, address), Texts: c, Losses: c, Log: log}
	key := []byte("0123456789abcdef0123456789abcdef")
	c.Server, err = web.New(web.Config{
		Processor: web.Processor{ScriptURL: "https://js.stripe.com/v3/", APIURL: "https://api.stripe.com"},
		PublicURL: "https://pay.example", Words: words, Assets: assets, Log: log, Now: time.Now, Metrics: web.NewMetrics(),
		Agency: func(string) layouts.Agency { return layouts.Agency{Name: "Acme Services"} }, FormKey: key, KeptKey: key,
	}, nil, hook.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// post sends a form as it comes out of a proxy: to another host and scheme than
// the carrier used.
func (c *carrier) post(t *testing.T, signature string, form url.Values) (status int, body string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/hooks/twilio", strings.NewReader(form.Encode()))
	r.Host = "10.0.0.7:8080"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", signature)
	answer, err := c.Test(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said strings.Builder
	if err := answer.Write(&said); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, said.String()
}

func stopText() url.Values {
	return url.Values{"MessageSid": {"SM1"}, "From": {"+12125550123"}, "To": {"+12125550100"}, "Body": {"STOP"}, "SmsStatus": {"received"}}
}

func TestSMS06_ASignedTextIsTakenBehindAProxyAndAnsweredWithNothing(t *testing.T) {
	t.Parallel()
	c := setup(t)
	form := stopText()
	status, body := c.post(t, smstest.Sign(token, address, form), form)
	if status != 200 || !strings.Contains(body, "<Response></Response>") {
		t.Errorf("%d %s", status, body)
	}
	form.Set("OptOutType", "STOP")
	form.Set("MessageSid", "SM2")
	c.post(t, smstest.Sign(token, address, form), form)
	want := []talk.Text{{ProviderID: "SM1", From: "+12125550123", Body: "STOP"}, {ProviderID: "SM2", From: "+12125550123", Body: "STOP", Answered: true}}
	if len(c.texts) != 2 || c.texts[0] != want[0] || c.texts[1] != want[1] {
		t.Errorf("taken %+v", c.texts)
	}
	if strings.Contains(c.log.String(), "5550123") {
		t.Errorf("the number is in the log: %s", c.log.String())
	}
}

func TestSMS06_AForgedTextDoesNothing(t *testing.T) {
	t.Parallel()
	c := setup(t)
	form := stopText()
	good := smstest.Sign(token, address, form)
	for name, signature := range map[string]string{
		"none": "", "nonsense": "nonsense", "by another": smstest.Sign("another", address, form),
		"of the address inside the proxy": smstest.Sign(token, "http://10.0.0.7:8080/hooks/twilio", form),
	} {
		if status, _ := c.post(t, signature, form); status != 403 {
			t.Errorf("%s: %d", name, status)
		}
	}
	form.Set("Body", "START") // a signature is good for what it signed alone
	if status, _ := c.post(t, good, form); status != 403 || len(c.texts) != 0 || len(c.lost) != 0 {
		t.Errorf("another body: %d, taken %v", status, c.texts)
	}
}

func TestALostTextIsReportedWithItsReasonAndAFaultIsAskedForAgain(t *testing.T) {
	t.Parallel()
	c := setup(t)
	say := func(fields ...string) int {
		form := url.Values{}
		for i := 0; i < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		status, _ := c.post(t, smstest.Sign(token, address, form), form)
		return status
	}
	for _, got := range []int{
		say("MessageSid", "SM1", "MessageStatus", "delivered"),
		say("MessageSid", "SM2", "MessageStatus", "undelivered", "ErrorCode", "30003"),
		say("MessageSid", "SM3", "MessageStatus", "failed", "ErrorCode", "30005"),
		say("MessageSid", "SM9", "MessageStatus", "failed"), // not one of ours
	} {
		if got != 200 {
			t.Errorf("answered %d", got)
		}
	}
	if strings.Join(c.lost, ", ") != "SM2 undeliverable, SM3 bounced" || len(c.texts) != 0 {
		t.Errorf("lost %v, taken %v", c.lost, c.texts)
	}
	c.broken = errors.New("the database is away")
	if got := say("MessageSid", "SM2", "MessageStatus", "undelivered"); got != 503 {
		t.Errorf("a fault of ours: %d", got)
	}
}
