-- +goose Up
-- By which channel the digits of a change went, and to where; how the contact
-- that was on file hears of it, by which message or event, and its mailing
-- address, sealed, for the letter that takes the place of a message (SEC-12).
ALTER TABLE contact_changes ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_changes ADD COLUMN target_hash {{blob}} NOT NULL DEFAULT {{noblob}};
ALTER TABLE contact_changes ADD COLUMN told TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_changes ADD COLUMN notice_id TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_changes ADD COLUMN was {{blob}} NOT NULL DEFAULT {{noblob}};
UPDATE contact_changes SET via = 'email' WHERE what = 'email';
CREATE INDEX contact_changes_target ON contact_changes (target_hash, created_at);
CREATE INDEX contact_changes_notice ON contact_changes (notice_id);
