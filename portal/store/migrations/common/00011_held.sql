-- +goose Up
-- Why a part of a payment may not stand on its debt, in the gate's word; empty: it
-- does, or has not come. Who said that it goes back to the consumer, and when, and
-- when the processor was told: once no bank can take it back any more.
-- parked_payments is not read any more; the release after this one drops it.
ALTER TABLE payment_allocations ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_allocations ADD COLUMN sent_back_by TEXT NOT NULL DEFAULT '';
ALTER TABLE payment_allocations ADD COLUMN sent_back_at {{ts}};
ALTER TABLE payment_allocations ADD COLUMN refund_asked_at {{ts}};

CREATE INDEX payment_allocations_held ON payment_allocations (debt_id) WHERE held <> '';
