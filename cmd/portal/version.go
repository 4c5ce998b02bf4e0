package main

import (
	"context"
	"fmt"
	"runtime"

	"quittance/cmd/app"
	"quittance/payments/stripegw"
)

func version(_ context.Context, p program, args []string) error {
	if err := parse(p.flags("version"), args); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "Quittance portal %s, commit %s, %s, Stripe API %s\n", app.Release, app.Source(), runtime.Version(), stripegw.APIVersion)
	return err
}
