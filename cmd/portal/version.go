package main

import (
	"context"
	"fmt"
	"runtime"

	"quittance/payments/stripegw"
)

// release is the version of this source; commit is set by the build.
const release = "0.1.0"

var commit = "unknown"

func version(_ context.Context, p program, args []string) error {
	if err := parse(p.flags("version"), args); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "Quittance portal %s, commit %s, %s, Stripe API %s\n", release, commit, runtime.Version(), stripegw.APIVersion)
	return err
}
