package alert_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/portal/alert"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// told counts what the system of record hears.
type told []outbox.ReconciledFacts

func (t *told) Mismatch(_ context.Context, f outbox.ReconciledFacts) error {
	*t = append(*t, f)
	return nil
}

func desk(t *testing.T, s *store.Store) (*alert.Desk, *told, *bytes.Buffer) {
	t.Helper()
	var heard told
	var log bytes.Buffer
	return &alert.Desk{Store: s, Events: &heard, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return noon }}, &heard, &log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *alert.Desk) []alert.Alert {
	t.Helper()
	all, err := d.List(t.Context(), 10)
	must(t, err)
	return all
}

func TestSTR05_ADifferenceIsToldOnceHoweverOftenItIsMet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, heard, log := desk(t, s)
		m := payments.Mismatch{PaymentID: "pay_1", IntentID: "pi_1", Expected: 15000, Found: 14000, Reason: "amount received"}
		for range 3 {
			must(t, d.Mismatch(t.Context(), m))
		}
		want := outbox.ReconciledFacts{Day: "2026-11-22", Subject: "processor", ExpectedCents: 15000, FoundCents: 14000, DifferenceCents: -1000,
			PaymentID: "pay_1", ProcessorRef: "pi_1", Reason: "amount received"}
		if len(*heard) != 1 || (*heard)[0] != want || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("told %+v, logged %s", *heard, log)
		}
		m.Found = 13000
		must(t, d.Mismatch(t.Context(), m))
		must(t, d.Mismatch(t.Context(), payments.Mismatch{IntentID: "pi_9", Found: 100, Reason: "unknown"}))
		if all := list(t, d); len(*heard) != 3 || len(all) != 2 || all[0].State != "amount received: $150.00 expected, $130.00 found" {
			t.Errorf("another difference: told %d, kept %+v", len(*heard), all)
		}
	})
}

func TestSTR14_ADisputeStandsWithTheDayOfItsAnswerAndItsLatestWord(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, heard, _ := desk(t, s)
		w := payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_1", State: "needs_response", DueAt: noon.AddDate(0, 0, 7)}
		must(t, d.Warn(t.Context(), payments.Warning{Kind: payments.PayoutFailed, Subject: "po_1", State: "failed"}, "", noon))
		must(t, d.Warn(t.Context(), w, "pay_1", noon))
		all := list(t, d)
		want := alert.Alert{Kind: "dispute", Subject: "dp_1", State: "needs_response", PaymentID: "pay_1", DueAt: w.DueAt, At: noon}
		if len(all) != 2 || all[0] != want || len(*heard) != 0 {
			t.Fatalf("kept %+v", all)
		}
		must(t, d.See(t.Context(), all[0], "stf_1"))
		must(t, d.Warn(t.Context(), w, "pay_1", noon.Add(time.Minute))) // nothing new
		if seen := list(t, d)[1]; seen.Subject != "dp_1" || !seen.SeenAt.Equal(noon) || seen.SeenBy != "stf_1" {
			t.Errorf("seen: %+v", seen)
		}
		w.State, w.DueAt = "lost", time.Time{}
		must(t, d.Warn(t.Context(), w, "pay_1", noon.Add(time.Hour)))
		w.State = "under_review"
		must(t, d.Warn(t.Context(), w, "pay_1", noon.Add(time.Second))) // late on its way
		for _, a := range list(t, d) {
			if a.Subject == "dp_1" && (a.State != "lost" || !a.SeenAt.IsZero() || !a.DueAt.IsZero()) {
				t.Errorf("its latest word: %+v", a)
			}
		}
		if err := d.See(t.Context(), want, "stf_1"); !errors.Is(err, alert.ErrNoAlert) {
			t.Errorf("what stands otherwise by now was marked as seen: %v", err)
		}
	})
}
