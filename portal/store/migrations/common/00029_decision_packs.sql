-- +goose Up
-- By which channel something was asked for, and which versions of the
-- compliance packs answered (GEN-01, STA-01). Older rows know neither.
ALTER TABLE decisions ADD COLUMN channel TEXT NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN packs TEXT NOT NULL DEFAULT '';
