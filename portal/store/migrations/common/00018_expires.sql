-- +goose Up
-- The last month of a card, "2027-01"; empty where it is not known. card_told is
-- that of the card whose end a plan's consumer was told of.
ALTER TABLE payments ADD COLUMN detail_expires TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_drafts ADD COLUMN detail_expires TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN detail_expires TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN card_told TEXT NOT NULL DEFAULT '';
CREATE INDEX plans_cards ON plans (detail_expires, id) WHERE status = 'active' AND detail_expires <> '' AND detail_expires <> card_told;
