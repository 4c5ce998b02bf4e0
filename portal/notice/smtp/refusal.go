package smtp

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/wneessen/go-mail"

	"quittance/portal/notice"
)

// enhanced is a server's own reason (RFC 3463), first in its words, which the
// library writes in quotation marks behind the three digits. Not every server
// that gives one says before that it does.
var enhanced = regexp.MustCompile(`\b5\d\d "(5\.\d{1,3}\.\d{1,3})\b`)

// ours are reasons among those of addresses and mailboxes that speak of the
// sender or of the message: 5.1.7 and 5.1.8 the sender's address, 5.2.3 a
// message that is too long.
var ours = []string{"5.1.7", "5.1.8", "5.2.3"}

// mailboxCodes say, without a reason behind them and to the recipient's name,
// that there is no such mailbox (RFC 5321).
var mailboxCodes = []int{550, 551, 553}

// explain says what a failure means. Only a mailbox that is bad ends the use of
// its address (VAL-12); what the server has against the sender, the words or
// its own policy is for the agency to mend; all else is worth another try. The
// error never holds the address.
func explain(err error) error {
	var refused *mail.SendError
	if !errors.As(err, &refused) || refused.IsTemp() || refused.ErrorCode() < 500 {
		return errors.New("the mail server did not take the message")
	}
	reason, why := "", notice.ErrRefused
	if found := enhanced.FindStringSubmatch(refused.Error()); found != nil {
		reason = found[1]
	}
	if noMailbox(refused, reason) {
		why = notice.ErrBounced
	}
	return fmt.Errorf("%w: the server answered %d %s", why, refused.ErrorCode(), reason)
}

func noMailbox(refused *mail.SendError, reason string) bool {
	if reason == "" {
		return refused.Reason == mail.ErrSMTPRcptTo && slices.Contains(mailboxCodes, refused.ErrorCode())
	}
	return (strings.HasPrefix(reason, "5.1.") || strings.HasPrefix(reason, "5.2.")) && !slices.Contains(ours, reason)
}
