-- +goose Up
-- 1 while an installment waits for the system of record to answer (WHK-05): the
-- consumer was told once.
ALTER TABLE plan_installments ADD COLUMN unanswered {{int}} NOT NULL DEFAULT 0 CHECK (unanswered IN (0, 1));
