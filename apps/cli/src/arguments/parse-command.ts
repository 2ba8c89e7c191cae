import { parseArgs } from "node:util";
import { type PlanChange, planNames } from "@gantry/billing";
import { parseDollars } from "../dollars.ts";

export type Command =
  | { readonly name: "help" }
  | { readonly name: "ledger verify" }
  | { readonly name: "plan set"; readonly change: PlanChange };

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  /** One sentence for each thing that is wrong. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What was asked for, from the words after the program's name. */
export function parseCommand(args: readonly string[]): ParsedCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: "boolean", short: "h" }, seats: { type: "string" }, limit: { type: "string" } },
    allowPositionals: true,
    // Otherwise it throws at the first problem, and we name all of them.
    strict: false,
  });
  const { help, ...options } = values;
  const [first, second, ...rest] = positionals;
  if (help === true || first === "help") return { ok: true, command: { name: "help" } };
  if (first === undefined) return { ok: false, problems: ["Name a command."] };
  switch (`${first} ${second ?? ""}`) {
    case "ledger verify":
      return answer([...unexpected(rest), ...unknownOptions(options, [])], () => ({ name: "ledger verify" }));
    case "plan set":
      return planSet(rest, options);
    default:
      return {
        ok: false,
        problems: [
          `There is no command "${[first, second].filter((word) => word !== undefined).join(" ")}".`,
          ...unknownOptions(options, ["seats", "limit"]),
        ],
      };
  }
}

type Options = Readonly<Record<string, string | boolean | undefined | (string | boolean)[]>>;

function planSet([owner, planText, ...rest]: readonly string[], options: Options): ParsedCommand {
  const plan = planNames.find((name) => name === planText);
  const seats = options["seats"] === undefined ? 1 : parseSeats(options["seats"]);
  const usageLimitMicros = options["limit"] === undefined ? null : parseDollars(options["limit"]);
  const problems: string[] = [];
  if (owner === undefined) problems.push("Name the payer: a user's email or an organization's slug.");
  if (plan === undefined) {
    const which = planText === undefined ? "Name the plan" : `There is no plan "${planText}"`;
    problems.push(`${which}: free, pro, team or enterprise.`);
  }
  problems.push(...unexpected(rest), ...unknownOptions(options, ["seats", "limit"]));
  if (seats === undefined) problems.push("--seats must be a whole number from 1 to 1000000.");
  if (usageLimitMicros === undefined)
    problems.push("--limit must be an amount of dollars from 0 to 1000000000, such as 250 or 0.50.");
  if (plan !== undefined && plan !== "team" && options["seats"] !== undefined)
    problems.push("--seats goes with the plan team only.");
  if (plan === "enterprise" && options["limit"] === undefined)
    problems.push("An enterprise may use nothing without a limit: give it one with --limit.");

  if (
    owner === undefined ||
    plan === undefined ||
    seats === undefined ||
    usageLimitMicros === undefined ||
    problems.length > 0
  )
    return { ok: false, problems };
  const change = { owner: ownerOf(owner), plan, seats, usageLimitMicros };
  return { ok: true, command: { name: "plan set", change } };
}

/** Slugs have no @. Emails are kept in lower case. */
function ownerOf(text: string): PlanChange["owner"] {
  return text.includes("@") ? { email: text.toLowerCase() } : { slug: text };
}

function parseSeats(text: Options[string]): number | undefined {
  if (typeof text !== "string" || !/^\d{1,7}$/.test(text)) return undefined;
  const seats = Number(text);
  return seats >= 1 && seats <= 1_000_000 ? seats : undefined;
}

function unexpected(words: readonly string[]): string[] {
  return words.map((word) => `"${word}" is one word too many.`);
}

function unknownOptions(options: Options, known: readonly string[]): string[] {
  return Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => `${name.length === 1 ? "-" : "--"}${name} is not an option of this command.`);
}

function answer(problems: readonly string[], command: () => Command): ParsedCommand {
  return problems.length > 0 ? { ok: false, problems } : { ok: true, command: command() };
}
