-- +goose Up
-- What allows the interest and the fees added since the itemization date, as a
-- code of the system of record. Whether an amount without one counts is decided
-- when it is read (AMT-04).
ALTER TABLE debts ADD COLUMN interest_authority TEXT NOT NULL DEFAULT '' CHECK (length(interest_authority) <= 64);
ALTER TABLE debts ADD COLUMN fees_authority TEXT NOT NULL DEFAULT '' CHECK (length(fees_authority) <= 64);
