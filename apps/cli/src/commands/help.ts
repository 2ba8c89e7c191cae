export const help = `gantry <command>

  ledger verify
      Rebuilds every counter from the ledger, in one snapshot, and prints each difference. Changes nothing.

  plan set <email or slug> <free|pro|team|enterprise> [--seats N] [--limit <dollars>]
      Sets the own subscription of a user or an organization, in periods of a month. The first begins now, with
      nothing used. free removes it: the period is then the calendar month.
      --seats   of a team; 1 when left out
      --limit   per period, instead of the plan's; left out: the plan's own (an enterprise needs one)

  keys rotate
      Seals every stored secret with the current master key: ENCRYPTION_KEY, which opens what was sealed with those of
      ENCRYPTION_KEYS_PREVIOUS; a running Gantry needs both first. Without ENCRYPTION_KEY it generates a new one in the
      data folder, while Gantry is stopped. It may be stopped at any time and run again.

  user set-role <email> <admin|user>
      Appoints an admin of this installation, who may ban, set plans and limits, and free slots in the app; or takes
      the role back. The last admin keeps it. Nobody becomes an admin in any other way.

  guarantees [--only <check>] [--runs N]
      Shows on this machine, in a database of its own beside yours, that what Gantry promises holds, and prints what it
      measured. Takes about a minute. Nothing of yours is read or written. With DATABASE_URL its user needs CREATEDB.
      --only    one of overshoot, kill, outage, refusals, deploy
      --runs    at once, against a limit; 1000 when left out

  help
      Prints this.

The database is DATABASE_URL, otherwise the embedded one in GANTRY_DATA_DIR (.gantry when not set).
Exit codes: 0 done, 1 the ledger and a counter differ, a secret could not be opened or a guarantee
does not hold, 2 the command could not be carried out.`;
