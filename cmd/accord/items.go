package main

import "github.com/spf13/cobra"

func (p *program) itemsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "items", Short: "Put right what Accord made"}
	group(cmd)
	cmd.AddCommand(p.itemsViewCommand(), p.itemsDeleteCommand(), p.itemsOrphansCommand(), p.itemsDedupeCommand(), p.itemsResyncCommand())
	return cmd
}
