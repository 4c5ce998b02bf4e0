//go:build !rig

package main

// rigCommands is empty in every build but the crash rig's.
func rigCommands() []command { return nil }
