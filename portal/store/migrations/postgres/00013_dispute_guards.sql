-- +goose Up
CREATE TRIGGER disputes_append_only BEFORE UPDATE OR DELETE ON disputes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disputes_no_truncate BEFORE TRUNCATE ON disputes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER dispute_steps_append_only BEFORE UPDATE OR DELETE ON dispute_steps
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER dispute_steps_no_truncate BEFORE TRUNCATE ON dispute_steps
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
