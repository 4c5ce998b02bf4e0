-- +goose Up
-- How many reference codes each token of the API read in an hour.
CREATE TABLE code_reads (
    reader TEXT NOT NULL,
    hour   {{ts}} NOT NULL,
    n      {{int}} NOT NULL,
    PRIMARY KEY (reader, hour)
) {{strict}};
