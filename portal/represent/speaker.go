package represent

import "context"

type speakerKey struct{}

// As says who speaks for the consumer in everything below.
func As(ctx context.Context, s Speaker) context.Context {
	return context.WithValue(ctx, speakerKey{}, s)
}

// Who is who speaks; the zero Speaker where nobody said: the consumer.
func Who(ctx context.Context) Speaker {
	s, _ := ctx.Value(speakerKey{}).(Speaker)
	return s
}
