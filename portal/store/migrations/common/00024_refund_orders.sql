-- +goose Up
-- Orders to give money of a payment back, each kept before the processor hears of
-- it, and what became of them: what open ones leave is all that may be ordered
-- anew. ordered_by is a person of the console, a consumer, or a job.
CREATE TABLE refund_orders (
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    key          TEXT NOT NULL CHECK (key <> ''),
    debt_id      TEXT NOT NULL REFERENCES debts (id),
    amount_cents {{int}} NOT NULL CHECK (amount_cents > 0),
    ordered_by   TEXT NOT NULL,
    ordered_at   {{ts}} NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'done', 'failed', 'refused')),
    closed_at    {{ts}},
    PRIMARY KEY (payment_id, key),
    CHECK ((state = 'open') = (closed_at IS NULL))
) {{strict}};

CREATE INDEX refund_orders_open ON refund_orders (payment_id, debt_id) WHERE state = 'open';
