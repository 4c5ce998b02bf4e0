-- +goose Up
-- The keyed hash by which the same card is known again, and each card that was
-- declined when a person paid by it, or let it be saved: five a day, of an account or of a card.
ALTER TABLE payments ADD COLUMN detail_fingerprint TEXT NOT NULL DEFAULT '';
CREATE INDEX payments_under_way ON payments (account_id, status) WHERE status IN ('submitting', 'checking', 'needs_action');
CREATE INDEX payments_card_under_way ON payments (detail_fingerprint, status) WHERE status IN ('submitting', 'checking', 'needs_action');

CREATE TABLE declines (
    attempt_id  TEXT NOT NULL, -- of a payment, or of a draft whose card is saved
    revision    {{int}} NOT NULL,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    fingerprint TEXT NOT NULL,
    at          {{ts}} NOT NULL,
    PRIMARY KEY (attempt_id, revision)
) {{strict}};

CREATE INDEX declines_account ON declines (account_id, at);
CREATE INDEX declines_card ON declines (fingerprint, at);
