package sms_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"quittance/portal/contact"
	"quittance/portal/notice"
	"quittance/portal/notice/sms"
)

func text() notice.Message {
	return notice.Message{To: "+12025550123", Channel: contact.SMS, Text: notice.Text{Plain: "Hello"}}
}

func server(t *testing.T, answer http.HandlerFunc) *sms.Sender {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	sender, err := sms.New(sms.Account{SID: "AC123", AuthToken: "secret", From: "+12025550100", APIURL: s.URL, ReportsURL: "https://pay.example/hooks/twilio"})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestATextGoesToTheConfiguredServer(t *testing.T) {
	t.Parallel()
	sender := server(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if r.URL.Path != "/2010-04-01/Accounts/AC123/Messages.json" || user != "AC123" || password != "secret" {
			t.Errorf("asked %s as %s", r.URL.Path, user)
		}
		if err := r.ParseForm(); err != nil || r.Method != http.MethodPost || len(r.URL.Query()) != 0 ||
			r.PostForm.Encode() != "Body=Hello&From=%2B12025550100&StatusCallback=https%3A%2F%2Fpay.example%2Fhooks%2Ftwilio&To=%2B12025550123" {
			t.Errorf("%s %v, %v", r.Method, r.PostForm, err)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"sid":"SM1"}`))
	})
	if id, err := sender.Send(t.Context(), text()); err != nil || id != "SM1" {
		t.Errorf("send = %q, %v", id, err)
	}
}

func TestSMS08_OnlyATextThatSurelyWasNotTakenIsTriedAgain(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		answer http.HandlerFunc
		again  bool
	}{
		"refused": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"code":21211,"status":400,"message":"+12025550123 is not a number"}`))
		}},
		"slow down": {again: true, answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"code":20429,"status":429}`))
		}},
		"answer lost": {answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := server(t, c.answer).Send(t.Context(), text())
			if err == nil || errors.Is(err, notice.ErrUndeliverable) == c.again {
				t.Errorf("error = %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "2025550123") {
				t.Errorf("the number is in the error: %v", err)
			}
		})
	}
	nobody, err := sms.New(sms.Account{SID: "AC123", AuthToken: "secret", From: "+12025550100", APIURL: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := nobody.Send(t.Context(), text()); err == nil || errors.Is(err, notice.ErrUndeliverable) {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestAnAnswerIsReadAsWhatItSaysOfTheNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
		want   error // nil: it may be tried again
	}{
		{400, `{"code":21211,"status":400}`, notice.ErrBounced},
		{400, `{"code":21614,"status":400}`, notice.ErrBounced},
		{400, `{"code":21610,"status":400}`, notice.ErrStopped},
		{400, `{"code":30007,"status":400}`, notice.ErrRefused},
		{401, `{"code":20003,"status":401}`, notice.ErrRefused},
		{500, `{"code":20500,"status":500}`, notice.ErrRefused},
		{502, `<html>Bad gateway</html>`, notice.ErrUndeliverable},
		{302, `{}`, notice.ErrUndeliverable},
		{201, `{"status":"queued"}`, notice.ErrUndeliverable},
		{201, `{"sid":"SM`, notice.ErrUndeliverable},
		{429, `<html>Too many</html>`, nil},
	} {
		_, err := server(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}).Send(t.Context(), text())
		if err == nil || c.want != nil && !errors.Is(err, c.want) || c.want == nil && errors.Is(err, notice.ErrUndeliverable) {
			t.Errorf("%d %s: %v, want %v", c.status, c.body, err, c.want)
		}
		if c.want == notice.ErrUndeliverable && (errors.Is(err, notice.ErrBounced) || errors.Is(err, notice.ErrRefused)) { //nolint:errorlint // the very one
			t.Errorf("%d %s says something of the number: %v", c.status, c.body, err)
		}
	}
}

func TestSMS08_ATextThatIsBeingHandedOverIsNotBrokenOff(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	sender := server(t, func(w http.ResponseWriter, _ *http.Request) {
		stop()
		_, _ = w.Write([]byte(`{"sid":"SM1"}`))
	})
	if id, err := sender.Send(ctx, text()); err != nil || id != "SM1" {
		t.Errorf("send = %q, %v", id, err)
	}
	if _, err := sender.Send(ctx, text()); err == nil || errors.Is(err, notice.ErrUndeliverable) {
		t.Errorf("after the stop: %v", err)
	}
}

func TestTextsNeedAWholeAccount(t *testing.T) {
	t.Parallel()
	for _, a := range []sms.Account{{}, {SID: "AC1", AuthToken: "x"}, {SID: "AC1", AuthToken: "x", From: "+1", APIURL: "not an address"}} {
		if _, err := sms.New(a); !errors.Is(err, sms.ErrAccount) {
			t.Errorf("%+v: %v", a, err)
		}
	}
}
