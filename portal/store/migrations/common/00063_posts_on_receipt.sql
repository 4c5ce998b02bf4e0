-- +goose Up
-- Whether a plain 2xx of the receiver is its word that a payment is booked.
ALTER TABLE endpoints ADD COLUMN posts_on_receipt {{int}} NOT NULL DEFAULT 0 CHECK (posts_on_receipt IN (0, 1));
