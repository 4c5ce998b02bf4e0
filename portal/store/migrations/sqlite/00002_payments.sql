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
