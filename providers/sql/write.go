package sql

import (
	"context"
	"errors"

	"github.com/accord-sync/accord/providers"
)

// Write refuses everything.
func (f *folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	for i := range outcomes {
		outcomes[i] = providers.Outcome{Class: providers.Refused, Err: errors.New("sql: the folder cannot be written: it has no insert, update and delete")}
		if ctx.Err() != nil {
			outcomes[i] = providers.Outcome{Class: providers.Transient, Err: ctx.Err()}
		}
	}
	return outcomes
}
