// Package api is what systems talk to: placements in, links out, events and
// postings, balances and endpoints. Its OpenAPI 3.1 document is made from the Go
// types by huma, the only package that imports it.
package api
