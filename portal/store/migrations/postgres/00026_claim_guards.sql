-- +goose Up
CREATE TRIGGER claim_reports_append_only BEFORE UPDATE OR DELETE ON claim_reports
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER claim_reports_no_truncate BEFORE TRUNCATE ON claim_reports
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
