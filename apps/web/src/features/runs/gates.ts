import type { Decision, GateVerdict } from "../../api/types.ts";
import { formatCount, formatDay, formatMoney, plural } from "../../ui/format.ts";
import { type NumbersReader, readNumbers } from "./numbers-reader.ts";

type GateName = GateVerdict["gate"];

/** The gates in the order in which they answer. */
export const gateOrder: readonly GateName[] = [
  "principal",
  "workflow",
  "permission",
  "deployment",
  "ban",
  "payer",
  "usage",
  "rate",
  "concurrency",
  "hold",
];

export const gateLabels: Readonly<Record<GateName, string>> = {
  principal: "Principal",
  workflow: "Workflow",
  permission: "Permission",
  deployment: "Deployment",
  ban: "Ban",
  payer: "Payer",
  usage: "Usage",
  rate: "Rate",
  concurrency: "Concurrency",
  hold: "Hold",
};

export const verdictLabels: Readonly<Record<GateVerdict["verdict"], string>> = {
  pass: "Passed",
  refuse: "Refused",
  not_required: "Not required",
  not_reached: "Not reached",
};

/** Every gate, in order; one that the decision does not name was not reached. */
export function everyGate(decision: Decision): readonly GateVerdict[] {
  return gateOrder.map(
    (gate) =>
      decision.find((verdict) => verdict.gate === gate) ?? { gate, verdict: "not_reached", numbers: {} },
  );
}

/** What a gate saw, for people: "$1.20 used of $5.00". Empty when there is nothing to add to its verdict. */
export function gateSentence({ gate, verdict, numbers }: GateVerdict): string {
  if (verdict === "not_reached") return "";
  const reason = typeof numbers["reason"] === "string" ? reasons[numbers["reason"]] : undefined;
  if (verdict === "not_required") return reason ?? "Not asked for by this kind of run";
  return sentences[gate](readNumbers(numbers), verdict === "refuse");
}

const reasons: Readonly<Record<string, string>> = {
  billing_off: "Billing is off: no limits",
  draft: "A run from the editor uses the draft",
  profile: "Runs from the editor take no token",
};

const sentences: Readonly<Record<GateName, (numbers: NumbersReader, refused: boolean) => string>> = {
  principal: (n, refused) =>
    refused
      ? "Nobody is signed in and no valid key was sent"
      : n.text("credential") === "api_key"
        ? "API key"
        : "Signed in",
  workflow: (_, refused) => (refused ? "No such workflow for you" : "Found"),
  permission: (n, refused) =>
    refused
      ? `Your level is ${n.text("level") ?? "none"}, running needs ${n.text("needed") ?? "write"}`
      : `Level: ${n.text("level")}`,
  deployment: (n, refused) => (refused ? "No active version" : `Version ${n.number("version")}`),
  ban: (n, refused) => (refused ? banned(n) : "Nobody involved is suspended"),
  payer: (n, refused) =>
    refused ? (n.text("reason")?.replaceAll("_", " ") ?? "Nobody pays for this workspace") : payer(n),
  usage: (n) =>
    money(n, "settledMicros", "limitMicros", "used") + member(n, "memberSettledMicros", "used by you"),
  rate: (n) =>
    `${count(n, "remaining")} of ${plural(n.number("capacity"), "token")} left, ${count(n, "perMinute")} more per minute`,
  concurrency: (n) =>
    `${formatCount(Math.max(0, n.number("limit") - n.number("inUse")))} of ${plural(n.number("limit"), "slot")} free`,
  hold: (n, refused) =>
    refused
      ? `${formatMoney(n.number("heldMicros"))} held by runs in progress, ${formatMoney(n.number("holdMicros"))} needed` +
        member(n, "memberHeldMicros", "held by yours")
      : `${formatMoney(n.number("holdMicros"))} held for this run`,
};

function banned(n: NumbersReader): string {
  const who = { actor: "You are", owner: "The workflow's owner is", payer: "The payer is" }[
    n.text("subject") ?? ""
  ];
  const until = n.has("endsAt") ? ` until ${formatDay(n.number("endsAt"))}` : "";
  return `${who ?? "An account is"} suspended${until}`;
}

function payer(n: NumbersReader): string {
  const kind = n.text("kind") === "organization" ? "Organization" : "Personal account";
  return n.text("plan") === null ? kind : `${kind}, ${n.text("plan")} plan`;
}

function money(n: NumbersReader, taken: string, limit: string, word: string): string {
  const of = n.has(limit) ? ` of ${formatMoney(n.number(limit))}` : ", no limit";
  return `${formatMoney(n.number(taken))} ${word}${of}`;
}

function member(n: NumbersReader, key: string, word: string): string {
  if (!n.has("memberLimitMicros")) return "";
  return `; ${formatMoney(n.number(key))} ${word} of your ${formatMoney(n.number("memberLimitMicros"))}`;
}

function count(n: NumbersReader, key: string): string {
  return formatCount(n.number(key));
}
