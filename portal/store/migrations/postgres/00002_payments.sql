-- +goose Up
CREATE TRIGGER ledger_transfers_append_only BEFORE UPDATE OR DELETE ON ledger_transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transfers_no_truncate BEFORE TRUNCATE ON ledger_transfers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER processor_events_append_only BEFORE UPDATE OR DELETE ON processor_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER processor_events_no_truncate BEFORE TRUNCATE ON processor_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
