package consumer

import (
	"context"
	"io"
)

// Stop asks once more before messages to one address end. It shows neither the
// address nor whose it is: machines open links too.
//
// POST /o/{token}, without a field: mail programs send it as well (RFC 8058).
type Stop struct {
	Base
	Token   string
	Channel Channel
}

// Stopped confirms that they end, and nothing else (COM-08).
type Stopped struct {
	Base
	Channel Channel
}

// Render writes the page; so does the method below.
func (p Stop) Render(ctx context.Context, w io.Writer) error    { return stopPage(p).Render(ctx, w) }
func (p Stopped) Render(ctx context.Context, w io.Writer) error { return stoppedPage(p).Render(ctx, w) }

func (p Stop) words() (title, text, act string) {
	if p.Channel == ChannelSMS {
		return p.T("stop.title_sms"), p.T("stop.text_sms"), p.T("stop.act_sms")
	}
	return p.T("stop.title"), p.T("stop.text"), p.T("stop.act")
}

func (p Stopped) words() string {
	if p.Channel == ChannelSMS {
		return p.T("sms.stopped")
	}
	return p.T("stop.done")
}
