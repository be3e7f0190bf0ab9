package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

func (p *program) resolveCommand() *cobra.Command {
	var flags proposalFlags
	cmd := &cobra.Command{
		Use:   "resolve RELATIONSHIP ITEM source|destination|both",
		Short: "Decide a conflict, or an ambiguous match, that waits for a person",
		Long: `Decides what waits in RELATIONSHIP for the original whose UID is ITEM; accord plan lists it. Of a conflict, the last word is

  source       what the original says, for both
  destination  what the replica says, for both
  both         the original's version, and the replica's beside it as an item of its own

and of an ambiguous match, where plan lists several candidates, it is

  the ref of one of them, which is the same and becomes the replica
  both         none of them is: a replica is made beside them

It is a plan like any other, of that relationship alone: it is shown, and done once it is approved, or saved with -out. What follows for other replicas of the
original is done by the next apply.`,
		Example: `  accord resolve relationship.team 7f3b@example.com source
  accord resolve 'mesh.partners["anna/ben"]' 7f3b@example.com 4711.vcf
  accord resolve relationship.team 7f3b@example.com both -out=both.plan`,
		Args: arguments(3, 3),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.resolve(ctx, flags, args)
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	return cmd
}

func (p *program) resolve(ctx context.Context, flags proposalFlags, args []string) (condition, error) {
	choice, err := choiceOf(args[2])
	if err != nil {
		return 0, err
	}
	address := quoted(args[0])
	flags.request.Only = []string{address}
	flags.request.Choices = map[state.PairKey]decide.Choice{{Relationship: address, Original: args[1]}: choice}
	return p.propose(ctx, flags, nil)
}

// choiceOf is what a word on the command line decides.
func choiceOf(word string) (decide.Choice, error) {
	switch strings.TrimSpace(word) {
	case "":
		return decide.Choice{}, usageError{errors.New("the choice is empty: write source, destination, both, or the ref of a candidate")}
	case "source":
		return decide.Choice{Conflict: schema.ConflictSource}, nil
	case "destination":
		return decide.Choice{Conflict: schema.ConflictDestination}, nil
	case "both":
		return decide.Choice{Conflict: schema.ConflictPreserve, Copy: true}, nil
	}
	return decide.Choice{Candidate: word}, nil
}
