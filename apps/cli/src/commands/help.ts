export const help = `gantry <command>

  ledger verify
      Rebuilds every counter from the ledger, in one snapshot, and prints each difference. Changes nothing.

  plan set <email or slug> <free|pro|team|enterprise> [--seats N] [--limit <dollars>]
      Sets the own subscription of a user or an organization, in periods of a month. The first begins now, with
      nothing used. free removes it: the period is then the calendar month.
      --seats   of a team; 1 when left out
      --limit   per period, instead of the plan's; left out: the plan's own (an enterprise needs one)

  help
      Prints this.

The database is DATABASE_URL, otherwise the embedded one in GANTRY_DATA_DIR (.gantry when not set).
Exit codes: 0 done, 1 the ledger and a counter differ, 2 the command could not be carried out.`;
