-- +goose Up
-- A saved method that was charged, by the processor's ids.
ALTER TABLE payments ADD COLUMN saved_customer TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN saved_method TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN saved_mandate TEXT NOT NULL DEFAULT '';
-- 1 when nobody was watching
ALTER TABLE payments ADD COLUMN unattended {{int}} NOT NULL DEFAULT 0 CHECK (unattended IN (0, 1));
