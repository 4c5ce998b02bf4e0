-- +goose Up
-- One paper may name several people, such as two executors, and may be renewed:
-- who is the same person is decided under the account's lock (DSC-05).
DROP INDEX representatives_document;
