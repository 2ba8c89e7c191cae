import { parseArgs } from "node:util";
import { type PlanName, planNames } from "@gantry/billing";
import type { AccountName, Role } from "@gantry/operations";
import { parseDollars } from "../dollars.ts";
import { type CheckName, checkNames, runsBounds } from "../guarantees/check.ts";

export type Command =
  | { readonly name: "help" }
  | ({ readonly name: "guarantees" } & GuaranteesOptions)
  | { readonly name: "ledger verify" }
  | { readonly name: "keys rotate" }
  | { readonly name: "plan set"; readonly change: PlanChange }
  | { readonly name: "user set-role"; readonly email: string; readonly role: Role };

export interface PlanChange {
  readonly owner: AccountName;
  readonly plan: PlanName;
  readonly seats: number;
  /** Null: the plan's own. */
  readonly usageLimitMicros: number | null;
}

export interface GuaranteesOptions {
  /** Null: every check. */
  readonly only: CheckName | null;
  /** At once, against a limit. */
  readonly runs: number;
}

export type ParsedCommand =
  | { readonly ok: true; readonly command: Command }
  /** One sentence for each thing that is wrong. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** What was asked for, from the words after the program's name. */
export function parseCommand(args: readonly string[]): ParsedCommand {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h" },
      seats: { type: "string" },
      limit: { type: "string" },
      only: { type: "string" },
      runs: { type: "string" },
    },
    allowPositionals: true,
    // Otherwise it throws at the first problem, and we name all of them.
    strict: false,
  });
  const { help, ...options } = values;
  const [first, second, ...rest] = positionals;
  if (help === true || first === "help") return { ok: true, command: { name: "help" } };
  if (first === undefined) return { ok: false, problems: ["Name a command."] };
  if (first === "guarantees") return guarantees(positionals.slice(1), options);
  switch (`${first} ${second ?? ""}`) {
    case "ledger verify":
      return bare({ name: "ledger verify" }, rest, options);
    case "keys rotate":
      return bare({ name: "keys rotate" }, rest, options);
    case "plan set":
      return planSet(rest, options);
    case "user set-role":
      return setRole(rest, options);
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
  const seats = options["seats"] === undefined ? 1 : parseCount(options["seats"], { min: 1, max: 1_000_000 });
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

function setRole([email, roleText, ...rest]: readonly string[], options: Options): ParsedCommand {
  const role = roles.find((name) => name === roleText);
  const problems: string[] = [];
  if (email === undefined) problems.push("Name the user by their email.");
  if (role === undefined) {
    const which = roleText === undefined ? "Name the role" : `There is no role "${roleText}"`;
    problems.push(`${which}: admin or user.`);
  }
  problems.push(...unexpected(rest), ...unknownOptions(options, []));
  if (email === undefined || role === undefined || problems.length > 0) return { ok: false, problems };
  return { ok: true, command: { name: "user set-role", email: email.toLowerCase(), role } };
}

function guarantees(words: readonly string[], options: Options): ParsedCommand {
  const { only: onlyText, runs: runsText } = options;
  const only = checkNames.find((name) => name === onlyText) ?? null;
  const runs = runsText === undefined ? runsBounds.default : parseCount(runsText, runsBounds);
  const problems = [...unexpected(words), ...unknownOptions(options, ["only", "runs"])];
  if (onlyText !== undefined && only === null) problems.push(`--only takes one of ${checkNames.join(", ")}.`);
  if (runs === undefined)
    problems.push(`--runs must be a whole number from ${runsBounds.min} to ${runsBounds.max}.`);
  if (runs === undefined || problems.length > 0) return { ok: false, problems };
  return { ok: true, command: { name: "guarantees", only, runs } };
}

const roles: readonly Role[] = ["admin", "user"];

/** Slugs have no @. Emails are kept in lower case. */
function ownerOf(text: string): AccountName {
  return text.includes("@") ? { email: text.toLowerCase() } : { slug: text };
}

function parseCount(
  text: Options[string],
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined {
  if (typeof text !== "string" || !/^\d{1,7}$/.test(text)) return undefined;
  const count = Number(text);
  return count >= min && count <= max ? count : undefined;
}

function unexpected(words: readonly string[]): string[] {
  return words.map((word) => `"${word}" is one word too many.`);
}

function unknownOptions(options: Options, known: readonly string[]): string[] {
  return Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => `${name.length === 1 ? "-" : "--"}${name} is not an option of this command.`);
}

/** A command that takes nothing else. */
function bare(command: Command, words: readonly string[], options: Options): ParsedCommand {
  const problems = [...unexpected(words), ...unknownOptions(options, [])];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, command };
}
