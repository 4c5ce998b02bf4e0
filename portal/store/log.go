package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// slowStatement is how long a statement may take before it is worth a line.
const slowStatement = 500 * time.Millisecond

// sqlLog writes GORM's complaints to slog: the statement with its placeholders,
// never a value, since values are people's data.
type sqlLog struct{ log *slog.Logger }

// LogMode implements logger.Interface; the level is slog's business.
func (l sqlLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info implements logger.Interface.
func (l sqlLog) Info(context.Context, string, ...any) {}

// Warn implements logger.Interface. The arguments may hold values: dropped.
func (l sqlLog) Warn(ctx context.Context, text string, _ ...any) { l.log.WarnContext(ctx, text) }

// Error implements logger.Interface. The arguments may hold values: dropped.
func (l sqlLog) Error(ctx context.Context, text string, _ ...any) { l.log.ErrorContext(ctx, text) }

// Trace implements logger.Interface: only slow statements are told. Errors are
// returned to the caller, who handles or returns them, never both.
func (l sqlLog) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), err error) {
	took := time.Since(begin)
	if took < slowStatement || errors.Is(err, gorm.ErrRecordNotFound) {
		return
	}
	statement, rows := fc()
	l.log.WarnContext(ctx, "slow statement", "took", took, "rows", rows, "statement", statement)
}

// ParamsFilter implements gorm.ParamsFilter: statements are told without values.
func (l sqlLog) ParamsFilter(_ context.Context, statement string, _ ...any) (string, []any) {
	return statement, nil
}

func gormConfig(opts Options) *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   true,
		Logger:                 sqlLog{log: opts.Log},
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	}
}
