// Package shed has tools that nobody takes.
package shed

import "fmt"

// Tool is one of them.
type Tool struct{}

var _ fmt.Stringer = Tool{}

// String implements fmt.Stringer.
func (Tool) String() string { return "tool" }

// Rust is called by nobody.
func (*Tool) Rust() {}

// Used is called by the program.
func Used() {}

// Unused calls itself.
func Unused() { Unused() }
