-- +goose Up
-- Which of several who speak for a consumer in one role pays; empty is the
-- consumer (DSC-05).
ALTER TABLE payments ADD COLUMN paid_by_id TEXT NOT NULL DEFAULT '';
