// Package consumer holds the handlers of the consumer's pages, one file for
// each. A handler parses what came, calls a service, and renders a page; what
// may be shown, paid or sent is decided below it.
package consumer
