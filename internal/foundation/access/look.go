package access

import "context"

// looks marks the context of a request that is asked about again, not made again.
type looks struct{}

// OnlyLook marks a context: who asks is to be found out, and nothing else. The
// session does not become younger by it.
func OnlyLook(ctx context.Context) context.Context { return context.WithValue(ctx, looks{}, true) }

// OnlyLooks reports whether the context is so marked.
func OnlyLooks(ctx context.Context) bool { return ctx.Value(looks{}) != nil }
