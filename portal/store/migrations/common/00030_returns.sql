-- +goose Up
-- The debits of the last sixty days, of which it is counted how many came back
-- (ACH-06).
CREATE INDEX payments_bank ON payments (submitted_at) WHERE method = 'us_bank_account';
