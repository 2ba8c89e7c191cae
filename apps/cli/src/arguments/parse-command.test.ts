import { describe, expect, test } from "vitest";
import { parseCommand } from "./parse-command.ts";

const parse = (line: string) => parseCommand(line === "" ? [] : line.split(" "));

function problemsOf(line: string): readonly string[] {
  const parsed = parse(line);
  return parsed.ok ? [] : parsed.problems;
}

test.each(["help", "--help", "-h", "plan set --help", "help ledger"])("%s asks for help", (line) => {
  expect(parse(line)).toEqual({ ok: true, command: { name: "help" } });
});

test.each(["ledger verify", "keys rotate"])("%s takes nothing else, and says so for each word", (name) => {
  expect(parse(name)).toEqual({ ok: true, command: { name } });
  expect(problemsOf(`${name} now please --limit 3 --fast -x`)).toEqual([
    '"now" is one word too many.',
    '"please" is one word too many.',
    "--limit is not an option of this command.",
    "--fast is not an option of this command.",
    "-x is not an option of this command.",
  ]);
});

test("what is no command is named as it was typed", () => {
  expect(problemsOf("")).toEqual(["Name a command."]);
  expect(problemsOf("ledger")).toEqual(['There is no command "ledger".']);
  expect(problemsOf("plan unset ada")).toEqual(['There is no command "plan unset".']);
});

describe("plan set", () => {
  const changeOf = (line: string) => {
    const parsed = parse(line);
    return parsed.ok && parsed.command.name === "plan set" ? parsed.command.change : null;
  };

  test("takes an email, in any case, or a slug", () => {
    expect(changeOf("plan set Ada@Example.com pro")).toEqual({
      owner: { email: "ada@example.com" },
      plan: "pro",
      seats: 1,
      usageLimitMicros: null,
    });
    expect(changeOf("plan set acme team --seats 4 --limit 250.5")).toEqual({
      owner: { slug: "acme" },
      plan: "team",
      seats: 4,
      usageLimitMicros: 250_500_000,
    });
    expect(changeOf("plan set --limit=0 acme enterprise")).toMatchObject({ usageLimitMicros: 0 });
  });

  test("names everything that is wrong at once", () => {
    expect(problemsOf("plan set acme gold extra --seats none --limit -5 --color red")).toEqual([
      'There is no plan "gold": free, pro, team or enterprise.',
      '"extra" is one word too many.',
      '"red" is one word too many.',
      "--color is not an option of this command.",
      "--seats must be a whole number from 1 to 1000000.",
      "--limit must be an amount of dollars from 0 to 1000000000, such as 250 or 0.50.",
    ]);
    expect(problemsOf("plan set")).toEqual([
      "Name the payer: a user's email or an organization's slug.",
      "Name the plan: free, pro, team or enterprise.",
    ]);
  });

  test.each(["0", "1.5", "1000001", "1e3", ""])("does not take %j seats", (seats) => {
    expect(problemsOf(`plan set acme team --seats=${seats}`)).toHaveLength(1);
  });

  test("an option without its value is a problem", () => {
    expect(problemsOf("plan set acme team --seats")).toHaveLength(1);
    expect(problemsOf("plan set acme team --limit")).toHaveLength(1);
  });

  test("seats belong to a team, and an enterprise needs a limit", () => {
    expect(problemsOf("plan set acme pro --seats 3")).toEqual(["--seats goes with the plan team only."]);
    expect(problemsOf("plan set acme enterprise")).toEqual([
      "An enterprise may use nothing without a limit: give it one with --limit.",
    ]);
  });
});

describe("user set-role", () => {
  test("takes an email, in any case, and a role", () => {
    const command = { name: "user set-role", email: "ada@example.com" };
    expect(parse("user set-role Ada@Example.com admin")).toEqual({
      ok: true,
      command: { ...command, role: "admin" },
    });
    expect(parse("user set-role ada@example.com user")).toEqual({
      ok: true,
      command: { ...command, role: "user" },
    });
  });

  test("names everything that is wrong at once", () => {
    expect(problemsOf("user set-role ada@example.com owner now --seats 2")).toEqual([
      'There is no role "owner": admin or user.',
      '"now" is one word too many.',
      "--seats is not an option of this command.",
    ]);
    expect(problemsOf("user set-role")).toEqual([
      "Name the user by their email.",
      "Name the role: admin or user.",
    ]);
  });
});

describe("guarantees", () => {
  test("takes one check, a number of runs, or nothing", () => {
    const name = "guarantees";
    expect(parse("guarantees")).toEqual({ ok: true, command: { name, only: null, runs: 1_000 } });
    expect(parse("guarantees --only kill --runs 50")).toEqual({
      ok: true,
      command: { name, only: "kill", runs: 50 },
    });
  });

  test("names everything that is wrong at once", () => {
    expect(problemsOf("guarantees now --only luck --runs 19 --seats 2")).toEqual([
      '"now" is one word too many.',
      "--seats is not an option of this command.",
      "--only takes one of overshoot, kill, outage, refusals, deploy.",
      "--runs must be a whole number from 20 to 10000.",
    ]);
    expect(problemsOf("guarantees --only")).toHaveLength(1);
    expect(problemsOf("ledger verify --only kill")).toEqual(["--only is not an option of this command."]);
  });
});
