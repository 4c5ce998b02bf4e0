-- +goose Up
UPDATE api_tokens SET creditors = CASE creditor_ref WHEN '' THEN '["*"]' ELSE json_array(creditor_ref) END;
ALTER TABLE api_tokens DROP COLUMN creditor_ref;

-- Programs before this one would take a token of some creditors for one of all.
UPDATE schema_floor SET version = 21 WHERE version < 21;
