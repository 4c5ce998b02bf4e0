-- +goose Up
-- What is personal here is sealed by the account's own key and goes with it when
-- a person is erased (REC-01); everything else stays as it was written. A value
-- that stands plain may be sealed once.
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_no_update BEFORE UPDATE OF plan_id, version, why, lines, consent_hash, consent_session, consent_language, consent_at, agreed_at ON plan_agreements
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_no_delete BEFORE DELETE ON plan_agreements
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_sealed_once BEFORE UPDATE OF name, consent_text, consent_ip, consent_user_agent ON plan_agreements
WHEN NEW.name <> OLD.name AND (length(OLD.name) = 0 OR substr(OLD.name, 1, 1) = '~' OR substr(NEW.name, 1, 1) <> '~')
        OR NEW.consent_text <> OLD.consent_text AND (length(OLD.consent_text) = 0 OR substr(OLD.consent_text, 1, 1) = '~' OR substr(NEW.consent_text, 1, 1) <> '~')
        OR NEW.consent_ip <> OLD.consent_ip AND (length(OLD.consent_ip) = 0 OR substr(OLD.consent_ip, 1, 1) = '~' OR substr(NEW.consent_ip, 1, 1) <> '~')
        OR NEW.consent_user_agent <> OLD.consent_user_agent AND (length(OLD.consent_user_agent) = 0 OR substr(OLD.consent_user_agent, 1, 1) = '~' OR substr(NEW.consent_user_agent, 1, 1) <> '~')
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER plan_terms_no_update BEFORE UPDATE ON plan_terms
BEGIN SELECT RAISE(ABORT, 'plan_terms may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_terms_no_delete BEFORE DELETE ON plan_terms
BEGIN SELECT RAISE(ABORT, 'plan_terms may only be added to'); END;
-- +goose StatementEnd
