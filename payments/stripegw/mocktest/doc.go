// Package mocktest is a module of its own, for tests only. It compares what the
// gateway asks and what the sandbox answers with the processor's own published
// description of its API: every request is accepted by stripe-mock, and every
// answer and event is valid by the OpenAPI document inside it.
//
// The document is of version 2024-09-30, the oldest that can be had; the gateway
// speaks 2024-06-20. Nothing that is compared here differs between the two.
package mocktest
