package consumer

// Landing is what a texted link opens. The GET changes nothing and shows
// nothing personal; the words let the person check who texted them.
//
// POST /l/{token} goes on; POST /l/{token}/not-me ends the link.
type Landing struct {
	Base
	Token  string
	Phrase []string // three words; none: the block is left out
}

// LinkEnded is a link that can no longer be used. Used, too old and revoked
// links, and links that never were, all read the same.
type LinkEnded struct{ Base }

// NotForMe thanks a person the link was not meant for; nothing more is asked.
type NotForMe struct{ Base }

// Real proves the agency to whoever asks: names, licenses, address, phone, and
// the three words that belong to a letter or a link.
//
// POST /is-this-real with "number". Every well-formed number has words, known
// to us or not, so the page tells nobody which numbers exist.
type Real struct {
	Base
	Number Input
	Phrase []string // the words of the number; none before a number was given
}
