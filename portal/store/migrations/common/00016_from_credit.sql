-- +goose Up
-- Of what went back of a payment's part, what came off the debt's account of
-- credits: it was too much, no snapshot showed it, and nobody owes it again.
ALTER TABLE payment_allocations ADD COLUMN from_credit_cents {{int}} NOT NULL DEFAULT 0
    CHECK (from_credit_cents >= 0 AND from_credit_cents <= amount_cents);
