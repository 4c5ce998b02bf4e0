// Package contact decides whether a person may be written to: by which channel,
// on which ground, at which hour of their day.
package contact
