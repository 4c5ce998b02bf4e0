// Package validation is the validation notice of 12 CFR 1006.34: what it says,
// until when its period runs, how it was given, and who still has to give it.
//
// A notice is composed once, in each language, when it is known to have been
// given, and what was composed is kept as it was: nothing is ever put into it
// again (VAL-05). What it says follows the bureau's Model Form B-1, in its
// order. The portal's page is a copy; looking at it gives nobody a notice
// (VAL-11).
//
// Where nobody reported a notice of a debt that a consumer has seen here, one is
// owed within five days: the system of record is asked to mail it (VAL-10).
package validation
