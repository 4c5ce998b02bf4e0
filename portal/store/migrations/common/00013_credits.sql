-- +goose Up
-- A balance that was stated below zero: nothing is owed, and there is a credit.
-- balance_cents and credits_cents hold it down to zero, below_cents the rest.
ALTER TABLE debts ADD COLUMN below_cents {{int}} NOT NULL DEFAULT 0 CHECK (below_cents >= 0);

-- Of what a payment gave back on a debt, what was sent back from this very debt;
-- what nobody directed comes off the last debts.
ALTER TABLE payment_allocations ADD COLUMN refunded_cents {{int}} NOT NULL DEFAULT 0
    CHECK (refunded_cents >= 0 AND refunded_cents <= amount_cents);

-- By which event the system of record was told of a movement of a payment, and
-- when it said that it booked it: each movement is contained in a snapshot by
-- its own acknowledgement.
CREATE TABLE transfer_postings (
    transfer_id TEXT NOT NULL PRIMARY KEY,
    event_id    TEXT NOT NULL,
    posted_at   {{ts}}
) {{strict}};

CREATE INDEX transfer_postings_event ON transfer_postings (event_id);

INSERT INTO transfer_postings (transfer_id, event_id, posted_at)
SELECT t.id, e.id, CASE t.kind WHEN 'payment' THEN p.posted_at ELSE o.posted_at END
FROM (SELECT id, kind, payment_id, CASE kind WHEN 'payment' THEN 'payment.confirmed' WHEN 'refund' THEN 'payment.refunded'
        WHEN 'reversal' THEN 'payment.reversed' WHEN 'reinstatement' THEN 'payment.reinstated' END AS told,
        ROW_NUMBER() OVER (PARTITION BY payment_id, kind ORDER BY at, id) AS place
    FROM ledger_transfers WHERE payment_id IS NOT NULL) t
JOIN (SELECT id, payment_id, type, ROW_NUMBER() OVER (PARTITION BY payment_id, type ORDER BY row_number) AS place
    FROM events WHERE payment_id <> '') e ON e.payment_id = t.payment_id AND e.type = t.told AND e.place = t.place
JOIN payments p ON p.id = t.payment_id
LEFT JOIN postings o ON o.event_id = e.id AND o.creditor_ref = '' AND o.refusal = '';

-- Debts beyond which more was paid than was owed, since when, and until when it
-- is to be sent back. How much it is the ledger says; told_cents is what the
-- system of record knows of it.
CREATE TABLE credits (
    id         TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    debt_id    TEXT NOT NULL REFERENCES debts (id),
    opened_at  {{ts}} NOT NULL,
    due_on     TEXT NOT NULL CHECK (length(due_on) = 10),
    told_cents {{int}} NOT NULL,
    closed_at  {{ts}},
    closed_by  TEXT NOT NULL DEFAULT '',
    closed_as  TEXT NOT NULL DEFAULT ''
) {{strict}};

CREATE UNIQUE INDEX credits_open ON credits (debt_id) WHERE closed_at IS NULL;
CREATE INDEX credits_due ON credits (due_on, id) WHERE closed_at IS NULL;

-- What was asked of the processor to send a credit back: before_cents is what the
-- payment had given back by then, so that it is known when it has arrived.
CREATE TABLE credit_refunds (
    credit_id    TEXT NOT NULL REFERENCES credits (id),
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    attempt      {{int}} NOT NULL,
    amount_cents {{int}} NOT NULL CHECK (amount_cents > 0),
    before_cents {{int}} NOT NULL CHECK (before_cents >= 0),
    asked_at     {{ts}} NOT NULL,
    asked_by     TEXT NOT NULL,
    PRIMARY KEY (credit_id, payment_id, attempt)
) {{strict}};
