package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
)

const (
	keyHeader = "Idempotency-Key"
	needsKey  = "needs a key"
	// keyLease is how long a request with a key is believed to be at work; after
	// that its process is taken for dead and the request may be made again.
	keyLease = time.Minute
	// answerMost bounds a kept answer.
	answerMost = 64 << 10
)

// errNotDone undoes the transaction of a request that was answered with a
// problem.
var errNotDone = errors.New("request was answered with a problem")

var errTooLong = errors.New("answer cannot be kept")

// once does a request with an Idempotency-Key one time. What the request
// changes and the answer that is kept for its repetition are one transaction:
// after a crash either both are there or none.
func (s *server) once(ctx huma.Context, next func(huma.Context)) {
	if required, _ := ctx.Operation().Metadata[needsKey].(bool); !required {
		next(ctx)
		return
	}
	k, p := s.keyOf(ctx)
	if p != nil {
		s.refuse(ctx, p)
		return
	}
	held, fresh, err := s.Keys.BeginKey(ctx.Context(), k)
	switch {
	case err != nil:
		s.unavailable(ctx, err)
	case !fresh:
		s.again(ctx, k, held)
	default:
		s.first(ctx, k, next)
	}
}

func (s *server) keyOf(ctx huma.Context) (Key, *Problem) {
	header := ctx.Header(keyHeader)
	if header == "" {
		return Key{}, problem(http.StatusBadRequest, "key-missing", "Send an Idempotency-Key, so that repeating the request is safe.")
	}
	if len(header) > 255 || strings.ContainsFunc(header, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return Key{}, problem(http.StatusBadRequest, "key-missing", "The Idempotency-Key must be 1 to 255 printable ASCII characters without spaces.")
	}
	request := humafiber.Unwrap(ctx).Request()
	hash := sha256.New()
	hash.Write(request.RequestURI())
	hash.Write([]byte{0})
	hash.Write(request.Body())
	now := s.now()
	return Key{
		Token: string(caller(ctx.Context()).ID), Route: ctx.Method() + " " + ctx.Operation().Path, Key: header,
		BodyHash: hash.Sum(nil), At: now, LeasedUntil: now.Add(keyLease),
	}, nil
}

type decidedKey struct{}

// decided marks the refusal that a handler is about to answer as a decision,
// which is on record and stays there: it is as much the request's outcome as a
// success (GEN-01).
func decided(ctx context.Context) {
	if mark, ok := ctx.Value(decidedKey{}).(*bool); ok {
		*mark = true
	}
}

// first does the request and keeps its answer, in one transaction. A request
// that was refused keeps nothing and may be made again, corrected, unless the
// refusal was decided.
func (s *server) first(request huma.Context, k Key, next func(huma.Context)) {
	response := humafiber.Unwrap(request).Response()
	err := s.Tx.InTx(request.Context(), func(ctx context.Context) error {
		var mark bool
		next(huma.WithContext(request, context.WithValue(ctx, decidedKey{}, &mark)))
		if response.StatusCode() >= http.StatusBadRequest && !mark {
			return errNotDone
		}
		answer, err := s.Sealer.Seal(response.Body(), purpose(k))
		if err != nil || len(answer) > answerMost {
			return errors.Join(errTooLong, err)
		}
		k.Status, k.Answer = response.StatusCode(), answer
		k.ContentType, k.Location = string(response.Header.ContentType()), string(response.Header.Peek("Location"))
		return s.Keys.FinishKey(ctx, k)
	})
	if err == nil {
		return
	}
	// The key is given back even when the request's own time is up.
	if dropped := s.Keys.DropKey(context.WithoutCancel(request.Context()), k); dropped != nil {
		s.Log.ErrorContext(request.Context(), "idempotency key could not be given back", "error", dropped)
	}
	if !errors.Is(err, errNotDone) {
		response.ResetBody()
		response.Header.Del("Location")
		s.unavailable(request, err)
	}
}

// again answers a repetition.
func (s *server) again(ctx huma.Context, k, held Key) {
	switch {
	case !hmac.Equal(k.BodyHash, held.BodyHash):
		s.refuse(ctx, problem(http.StatusUnprocessableEntity, "key-reused", "This Idempotency-Key came before with another request. Use a new key."))
	case held.Status == 0:
		ctx.SetHeader("Retry-After", "1")
		s.refuse(ctx, problem(http.StatusConflict, "in-flight", "The same request is being worked on. Ask again in a moment."))
	default:
		s.repeat(ctx, held)
	}
}

func (s *server) repeat(ctx huma.Context, held Key) {
	answer, err := s.Sealer.Open(held.Answer, purpose(held))
	if err != nil {
		s.unavailable(ctx, err)
		return
	}
	ctx.SetStatus(held.Status)
	ctx.SetHeader("Content-Type", held.ContentType)
	ctx.SetHeader("Idempotent-Replayed", "true")
	if held.Location != "" {
		ctx.SetHeader("Location", held.Location)
	}
	if _, err := ctx.BodyWriter().Write(answer); err != nil {
		s.Log.ErrorContext(ctx.Context(), "api answer could not be written", "error", err)
	}
}

func (s *server) unavailable(ctx huma.Context, err error) {
	s.Log.ErrorContext(ctx.Context(), "api request failed", "error", err)
	s.refuse(ctx, problem(http.StatusServiceUnavailable, "unavailable", "This could not be done now. Ask again with the same key."))
}

func purpose(k Key) string { return "idempotency/" + k.Token + "/" + k.Route + "/" + k.Key }

func (s *server) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }
