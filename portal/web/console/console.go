// Package console holds the handlers of the collectors' pages.
package console
