package main

import (
	"context"

	"quittance/cmd/demo"
)

// demoCommand runs the whole product on this machine.
func demoCommand(ctx context.Context, p program, args []string) error {
	f := p.flags("demo")
	var o demo.Options
	f.StringVar(&o.Addr, "addr", "127.0.0.1:8080", "loopback address to listen on")
	f.StringVar(&o.Data, "data", "", "folder to keep the demo in and start it again; a temporary one by default")
	f.BoolVar(&o.JSON, "json", false, "print one line of JSON when ready")
	if err := parse(f, args); err != nil {
		return err
	}
	return demo.Run(ctx, p.env, p.stdout, o)
}
