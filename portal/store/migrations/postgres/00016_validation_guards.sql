-- +goose Up
CREATE TRIGGER validation_notices_append_only BEFORE UPDATE OR DELETE ON validation_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER validation_notices_no_truncate BEFORE TRUNCATE ON validation_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER validation_requests_append_only BEFORE UPDATE OR DELETE ON validation_requests
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER validation_requests_no_truncate BEFORE TRUNCATE ON validation_requests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
