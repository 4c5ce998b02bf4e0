package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"quittance/cmd/app"
	"quittance/cmd/demo"
	"quittance/portal/chain"
	"quittance/portal/config"
	"quittance/portal/store/storetest"
)

// TestS11_VerifySaysHowMuchLinksProve: those of a release before are plain and
// said to be, the first keyed ones hold them, and none that was sealed may be
// plain again (F13).
func TestS11_VerifySaysHowMuchLinksProve(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", url)
		settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
		p := program{command: "test", env: config.Environment{
			Lookup:   func(name string) (string, bool) { v, ok := settings[name]; return v, ok },
			ReadFile: os.ReadFile,
		}}
		verify := func(code int, says string, args ...string) {
			t.Helper()
			if said, got := order(t, settings, append([]string{"audit", "verify"}, args...)...); got != code || !strings.Contains(said, says) {
				t.Errorf("exit %d: %s; want %q", got, said, says)
			}
		}
		do := func(work func(context.Context, *app.Portal) error) {
			t.Helper()
			if err := withPortal(t.Context(), p, func(w *app.Portal) error { return work(t.Context(), w) }); err != nil {
				t.Fatal(err)
			}
		}
		if said, code := order(t, settings, "migrate", "up"); code != exitDone {
			t.Fatalf("exit %d: %s", code, said)
		}
		before := chain.Head{}
		do(func(ctx context.Context, w *app.Portal) error {
			if _, err := (&chain.Linker{Tx: w.Store, Store: w.Store, Name: chain.Audit}).Run(ctx); err != nil { // as a release before did
				return err
			}
			if n, err := w.SealChains(ctx); n != 0 || err != nil {
				return fmt.Errorf("%d plain chains were sealed: %w", n, err)
			}
			head, err := w.Store.ChainHead(ctx, chain.Audit)
			before = head
			return err
		})
		verify(exitDone, fmt.Sprintf("%d rows are as they were written; links are plain, so that who writes to the database could have made them", before.Position))
		verify(exitFaults, "its link was keyed when it was sealed, and is plain", "-head", fmt.Sprintf("audit:%d:%x", before.Position, before.Link))
		var after chain.Head
		do(func(ctx context.Context, w *app.Portal) error {
			_, err := w.Link(ctx)
			if err != nil {
				return err
			}
			if n, err := w.SealChains(ctx); n != 1 || err != nil {
				return fmt.Errorf("%d chains were sealed: %w", n, err)
			}
			after, err = w.Store.ChainHead(ctx, chain.Audit)
			return err
		})
		verify(exitDone, fmt.Sprintf("links are keyed from row %d on, and plain before, which the first keyed one holds", before.Position+1))
		verify(exitDone, "are as they were written", "-head", fmt.Sprintf("audit:%d:%x", after.Position, after.Link))
	})
}
