-- +goose Up
-- Files may belong to what somebody said of their life, too: to a claim, or to a
-- dispute or its form, never to both.
ALTER TABLE dispute_files ADD COLUMN claim_id TEXT REFERENCES claims (id)
    CHECK (claim_id IS NULL OR (dispute_id IS NULL AND draft_id = ''));
CREATE INDEX dispute_files_claim ON dispute_files (claim_id, added_at) WHERE claim_id IS NOT NULL;
