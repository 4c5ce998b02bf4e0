-- +goose Up
-- What a payment is made for, in the words of whoever watches payments: a plan, or
-- one of its installments; empty where it is made for its debts alone.
ALTER TABLE payments ADD COLUMN purpose TEXT NOT NULL DEFAULT '';

-- Programs before this one do not know what a payment is made for: they would put one
-- that is made in place of an installment on the last ones, and charge the installment.
UPDATE schema_floor SET version = 23 WHERE version < 23;
