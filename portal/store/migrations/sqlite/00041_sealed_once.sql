-- +goose Up
-- A value that stood plain, or sealed by a key of no single account, may be
-- sealed once; what is sealed by the account's key is never changed again.
-- +goose StatementBegin
CREATE TRIGGER validation_notices_sealed_once BEFORE UPDATE OF sealed ON validation_notices
WHEN NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substr(OLD.sealed, 1, 1) = x'7e' OR substr(NEW.sealed, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'validation_notices may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claim_reports_sealed_once BEFORE UPDATE OF sealed ON claim_reports
WHEN NEW.sealed <> OLD.sealed AND (length(OLD.sealed) = 0 OR substr(OLD.sealed, 1, 1) = x'7e' OR substr(NEW.sealed, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'claim_reports may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER contact_wishes_sealed_once BEFORE UPDATE OF own_words ON contact_wishes
WHEN NEW.own_words <> OLD.own_words AND (length(OLD.own_words) = 0 OR substr(OLD.own_words, 1, 1) = x'7e' OR substr(NEW.own_words, 1, 1) <> x'7e')
BEGIN SELECT RAISE(ABORT, 'contact_wishes may only be added to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_agreements_sealed_once BEFORE UPDATE OF name, consent_text, consent_ip, consent_user_agent ON plan_agreements
WHEN NEW.name <> OLD.name AND (length(OLD.name) = 0 OR substr(OLD.name, 1, 1) = '~' OR substr(NEW.name, 1, 1) <> '~')
        OR NEW.consent_text <> OLD.consent_text AND (length(OLD.consent_text) = 0 OR substr(OLD.consent_text, 1, 1) = '~' OR substr(NEW.consent_text, 1, 1) <> '~')
        OR NEW.consent_ip <> OLD.consent_ip AND (length(OLD.consent_ip) = 0 OR substr(OLD.consent_ip, 1, 1) = '~' OR substr(NEW.consent_ip, 1, 1) <> '~')
        OR NEW.consent_user_agent <> OLD.consent_user_agent AND (length(OLD.consent_user_agent) = 0 OR substr(OLD.consent_user_agent, 1, 1) = '~' OR substr(NEW.consent_user_agent, 1, 1) <> '~')
BEGIN SELECT RAISE(ABORT, 'plan_agreements may only be added to'); END;
-- +goose StatementEnd
