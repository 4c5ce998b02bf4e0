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

// LinkEnded is a link that can not be used here. Links that were used on another
// device, too old and revoked links, and links that never were, all read the
// same.
//
// POST /l/{token}/again asks for a new one; see LinkAsked.
type LinkEnded struct {
	Base
	Token string // empty: what was opened is no link
}

// LinkAsked answers whoever asks for a new link. It reads the same whether or not
// one is sent.
type LinkAsked struct{ Base }

// NotForMe thanks a person the link was not meant for; nothing more is asked.
type NotForMe struct{ Base }

// Real proves the agency to whoever asks: names, licenses, address, phone, and
// whether the three words that came with a letter or a link are ours.
//
// POST /is-this-real with "number" and "words". The page never tells words.
type Real struct {
	Base
	Number, Said Input
	Answer       RealAnswer
	// HoldSeconds, when above zero, says how long to wait before the same is sent
	// again, with Wait as "wait".
	HoldSeconds int
	Wait        string
}

// RealAnswer is whether the words fit the number.
type RealAnswer string

// The answers. Not is the same for a number that nobody has and for other words.
const (
	RealOpen RealAnswer = "" // not asked yet
	RealYes  RealAnswer = "yes"
	RealNot  RealAnswer = "not"
)
