import { fileURLToPath } from "node:url";
import { type Command, parseCommand } from "./arguments/parse-command.ts";
import { help } from "./commands/help.ts";
import { keysRotate } from "./commands/keys-rotate.ts";
import { ledgerVerify } from "./commands/ledger-verify.ts";
import { planSet } from "./commands/plan-set.ts";
import { userSetRole } from "./commands/user-set-role.ts";
import { openOperatorDatabase } from "./database/open-operator-database.ts";
import { OperatorError } from "./database/operator-error.ts";
import { givenKeys } from "./keys/given-keys.ts";
import { placeOf } from "./place.ts";

// pnpm gantry <command>; `help` says which.

const print = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

const parsed = parseCommand(process.argv.slice(2));
if (parsed.ok) process.exitCode = await carryOut(parsed.command);
else {
  for (const problem of parsed.problems) complain(problem);
  complain("gantry help lists the commands.");
  process.exitCode = 2;
}

async function carryOut(command: Command): Promise<number> {
  if (command.name === "help") {
    print(help);
    return 0;
  }
  // The package lies in apps/cli, whether this runs from src or dist.
  const located = placeOf(process.env, fileURLToPath(new URL("../../../", import.meta.url)));
  if (!located.ok) {
    complain(located.problem);
    return 2;
  }
  try {
    if (command.name === "guarantees") {
      // What only this one needs is not loaded by the others.
      const { guarantees } = await import("./commands/guarantees.ts");
      return await guarantees(located.place, process.env, command, print);
    }
    await using database = await openOperatorDatabase(located.place, complain);
    switch (command.name) {
      case "ledger verify":
        return await ledgerVerify(database.sql, print);
      case "plan set":
        return await planSet(database.sql, command.change, print);
      case "user set-role":
        return await userSetRole(database.sql, command, print);
      case "keys rotate": {
        const { dataDir } = located.place;
        return await keysRotate(database.sql, { ...givenKeys(process.env), dataDir }, print);
      }
    }
  } catch (error) {
    if (error instanceof OperatorError) complain(error.message);
    else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 2;
  }
}
