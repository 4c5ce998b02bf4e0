// Command dead calls one of two functions.
package main

import "quittance/cmd/deadcode/testdata/dead/shed"

func main() { shed.Used() }
