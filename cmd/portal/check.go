package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"quittance/cmd/app"
	"quittance/frontend"
	"quittance/payments"
	"quittance/payments/stripegw"
	"quittance/portal/config"
	"quittance/portal/store"
)

// errFaults makes check exit with 1.
var errFaults = errors.New("something above needs your hand")

// checkCommand says what is missing or unsafe. With -ready it only asks the
// running portal whether it can serve, for a container's health check.
func checkCommand(ctx context.Context, p program, args []string) error {
	f := p.flags("check")
	ready := f.Bool("ready", false, "only ask the running portal whether it is ready")
	served := f.Bool("served", false, "only look at the pages as browsers get them, and at each script byte for byte")
	if err := parse(f, args); err != nil {
		return err
	}
	cfg, err := config.Load(p.env)
	if *ready {
		err := askReady(ctx, "PORTAL_ADDR", cfg.Addr)
		if errors.Is(err, syscall.ECONNREFUSED) && cfg.MetricsAddr != "" { // a worker has no web
			err = askReady(ctx, "PORTAL_METRICS_ADDR", cfg.MetricsAddr)
		}
		return err
	}
	if err != nil {
		return err
	}
	if *served {
		assets, err := frontend.Load(cfg.Agency.AccentColor)
		if err != nil {
			return err
		}
		return p.checkServed(ctx, cfg.PublicURL, assets)
	}
	fmt.Fprintln(p.stdout, "settings   complete")
	for _, peer := range cfg.Plain() {
		fmt.Fprintf(p.stdout, "private    %s speaks to %s without TLS, as PORTAL_PRIVATE_PEERS allows\n", peer.Setting, peer.Host)
	}
	faults := p.checkDatabase(ctx, cfg)
	faults = errors.Join(faults, p.checkProcessor(ctx, cfg))
	faults = errors.Join(faults, p.checkStates(cfg))
	for _, note := range notes(cfg) {
		fmt.Fprintln(p.stdout, "note       "+note)
	}
	if faults != nil {
		return errFaults
	}
	return nil
}

func askReady(ctx context.Context, setting, addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%w: %s has no port", config.ErrUnsafe, setting)
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+port+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the portal does not answer: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the portal is not ready: it answered %d", answer.StatusCode)
	}
	return nil
}

func (p program) checkDatabase(ctx context.Context, cfg config.Config) error {
	db, err := store.Open(ctx, string(cfg.DatabaseURL), store.Options{Log: app.NewLogger()})
	if err != nil {
		fmt.Fprintf(p.stdout, "database   cannot be opened: %s\n", err)
		return err
	}
	defer db.Close()
	err = db.CheckSchema(ctx)
	if err == nil {
		err = errors.Join(db.CheckGuards(ctx), db.CheckLedger(ctx))
	}
	if err != nil {
		fmt.Fprintf(p.stdout, "database   %s\n", err)
		return err
	}
	fmt.Fprintln(p.stdout, "database   schema, guards and ledger are right")
	may, err := db.MayAlter(ctx)
	if may {
		fmt.Fprintln(p.stdout, "note       "+mayAlter)
	}
	return err
}

func (p program) checkProcessor(ctx context.Context, cfg config.Config) error {
	gateway, err := stripegw.New(stripegw.Config{SecretKey: string(cfg.Stripe.SecretKey), WebhookSecrets: app.WebhookSecrets(cfg), APIURL: cfg.Stripe.APIURL, Now: time.Now, Log: slog.New(slog.DiscardHandler), Back: app.WayBack(cfg)})
	if err == nil {
		err = gateway.CheckVersion(ctx, strings.TrimRight(cfg.PublicURL, "/")+"/hooks/stripe")
	}
	switch {
	case errors.Is(err, payments.ErrUnknownOutcome):
		fmt.Fprintf(p.stdout, "processor  does not answer at %s: let this machine reach it\n", cfg.Stripe.APIURL)
		return err
	case err != nil:
		fmt.Fprintf(p.stdout, "processor  %s\n", err)
		return err
	}
	fmt.Fprintln(p.stdout, "processor  answers, and its webhook endpoint has the right API version")
	return nil
}

// notes are choices that are allowed but worth a thought.
func notes(cfg config.Config) []string {
	var all []string
	if !cfg.SecureTransport {
		all = append(all, "PORTAL_PUBLIC_URL is not https; that is for trying out on this machine only (SEC-05).")
	}
	if len(cfg.TrustedProxies) == 0 && cfg.SecureTransport {
		all = append(all, "PORTAL_TRUSTED_PROXIES is empty: every visitor seems to come from your proxy.")
	}
	if cfg.StepUp == "" {
		all = append(all, "PORTAL_STEP_UP is off: code and personal fact are not two factors (SEC-06).")
	}
	if !cfg.Twilio.Enabled() {
		all = append(all, "texts are off; links can be e-mailed, read out or printed (SMS-01).")
	}
	if !cfg.Stripe.LiveMode() {
		all = append(all, "the Stripe keys are test keys; no real money moves.")
	}
	return all
}
