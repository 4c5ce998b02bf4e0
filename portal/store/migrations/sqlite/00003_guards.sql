-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER ledger_transfers_no_update BEFORE UPDATE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_transfers_no_delete BEFORE DELETE ON ledger_transfers
BEGIN SELECT RAISE(ABORT, 'ledger_transfers may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER processor_events_no_update BEFORE UPDATE ON processor_events
BEGIN SELECT RAISE(ABORT, 'processor_events may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER processor_events_no_delete BEFORE DELETE ON processor_events
BEGIN SELECT RAISE(ABORT, 'processor_events may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'decisions may only be added to'); END;
-- +goose StatementEnd

-- VAL-02: once used with the consumer, an itemization's type and date are fixed.
-- +goose StatementBegin
CREATE TRIGGER debts_itemization_fixed BEFORE UPDATE OF itemization_type, itemization_date ON debts
WHEN OLD.itemization_used_at IS NOT NULL AND
    (OLD.itemization_type <> NEW.itemization_type OR OLD.itemization_date <> NEW.itemization_date)
BEGIN SELECT RAISE(ABORT, 'an itemization date that was used does not change'); END;
-- +goose StatementEnd
