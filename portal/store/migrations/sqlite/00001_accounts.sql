-- +goose Up
-- VAL-02: once used with the consumer, an itemization's type and date are fixed.
-- +goose StatementBegin
CREATE TRIGGER debts_itemization_fixed BEFORE UPDATE OF itemization_type, itemization_date ON debts
WHEN OLD.itemization_used_at IS NOT NULL AND
    (OLD.itemization_type <> NEW.itemization_type OR OLD.itemization_date <> NEW.itemization_date)
BEGIN SELECT RAISE(ABORT, 'an itemization date that was used does not change'); END;
-- +goose StatementEnd
