// Package outbox tells systems of record what happened, as Standard Webhooks
// 1.0.0: signed, numbered without gaps, tried for three days, replayable, and
// readable as a feed.
//
//	domain change ──► Recorder ──► events            in the domain's own transaction
//	events ──► Sequencer ──► position, deliveries    one at a time, in commit order
//	deliveries ──► Deliverer ──► POST ──► attempts   by lease, per endpoint
//	receiver ──► Posting                             in its answer, or later by the API
//
// An event is written once, by the transaction that made it true (WHK-03).
// What each endpoint is sent is decided when it is numbered: a creditor's
// endpoint is told of its own debts only (DSC-06), and the bytes are kept, so
// that every retry and replay sends exactly the same body.
package outbox
