-- +goose Up

-- Open payments on debts that stand otherwise than when they were begun: the gate
-- is asked about each again, and what may not be paid any more is taken back. A
-- row is written in the transaction of what raised it and removed once it was
-- looked at.
CREATE TABLE payment_doubts (
    payment_id TEXT NOT NULL PRIMARY KEY REFERENCES payments (id),
    raised     {{int}} NOT NULL,
    look_at    {{ts}} NOT NULL
) {{strict}};

CREATE INDEX payment_doubts_due ON payment_doubts (look_at);
