package main

import "context"

// demo runs the whole product on this machine.
func demo(ctx context.Context, p program, args []string) error {
	f := p.flags("demo")
	var o stand
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "loopback address to listen on")
	f.StringVar(&o.data, "data", "", "folder to keep the demo in and start it again; a temporary one by default")
	f.BoolVar(&o.json, "json", false, "print one line of JSON when ready")
	if err := parse(f, args); err != nil {
		return err
	}
	return runDemo(ctx, p.env, p.stdout, o)
}
