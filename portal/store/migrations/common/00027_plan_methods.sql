-- +goose Up
-- A method that was signed for and is still being verified: it takes the place
-- of the plan's own afterwards. signed_at without a setup: it came to nothing,
-- and the consumer is told.
ALTER TABLE plans ADD COLUMN incoming_setup TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN incoming_details TEXT NOT NULL DEFAULT '';
ALTER TABLE plans ADD COLUMN incoming_signed_at {{ts}};
-- When the processor was last asked about a method that is being verified.
ALTER TABLE plans ADD COLUMN setup_asked_at {{ts}};
CREATE INDEX plans_incoming ON plans (incoming_setup) WHERE incoming_setup <> '';

-- The plan whose method a draft is to become; empty for a wish.
ALTER TABLE plan_drafts ADD COLUMN plan_id TEXT NOT NULL DEFAULT '';

-- The same form is one statement.
ALTER TABLE financial_statements ADD COLUMN request_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX financial_statements_form ON financial_statements (account_id, request_key) WHERE request_key <> '';
