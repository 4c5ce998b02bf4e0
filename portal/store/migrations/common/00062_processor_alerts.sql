-- +goose Up
-- What the processor says that a person has to look at; no personal data.
CREATE TABLE processor_alerts (
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    state      TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    due_at     {{ts}},
    at         {{ts}} NOT NULL,
    seen_at    {{ts}},
    seen_by    TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) {{strict}};
