package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
	"quittance/portal/notice"
)

// Losses hears that messages came back; notice.Reports does. notice.ErrUnknown.
type Losses interface {
	Lost(ctx context.Context, id string) error
}

func (s *server) messageRoutes() {
	lost := operation(http.MethodPost, "/api/v1/messages/{id}/undeliverable", "messageLost", "Report that a message came back", identity.LinksWrite, http.StatusNotFound)
	lost.Description = "For whoever watches the mailbox that bounces return to. The address is not written to again, and a notice that the law wants is asked for by mail. Said twice it counts once."
	lost.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, lost, s.messageLost)
}

func (s *server) messageLost(ctx context.Context, in *struct {
	ID string `path:"id"`
}) (*struct{}, error) {
	id, err := unescaped("message", in.ID)
	if err == nil {
		err = s.Losses.Lost(ctx, id)
	}
	if errors.Is(err, notice.ErrUnknown) {
		return nil, problem(http.StatusNotFound, "not-found", "There is no such message.")
	}
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return nil, nil
}
