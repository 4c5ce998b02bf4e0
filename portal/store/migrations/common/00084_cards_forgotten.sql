-- +goose Up
-- Which cards are still known again: for two days, then by none (F9).
CREATE INDEX payments_card_known ON payments (created_at) WHERE detail_fingerprint <> '';
