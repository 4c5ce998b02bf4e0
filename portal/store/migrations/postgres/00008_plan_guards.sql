-- +goose Up
CREATE TRIGGER plan_agreements_append_only BEFORE UPDATE OR DELETE ON plan_agreements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_agreements_no_truncate BEFORE TRUNCATE ON plan_agreements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER plan_terms_append_only BEFORE UPDATE OR DELETE ON plan_terms
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER plan_terms_no_truncate BEFORE TRUNCATE ON plan_terms
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
