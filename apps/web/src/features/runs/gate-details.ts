import type { GateVerdict } from "../../api/types.ts";
import { limitSource } from "../../limits/limit-source.ts";
import { formatDay, formatMoney, plural } from "../../ui/format.ts";
import { type NumbersReader, readNumbers } from "./numbers-reader.ts";

/** Behind what a gate saw: where its limit comes from, and how many such runs it has room for. May be empty. */
export function gateDetails({ gate, verdict, numbers }: GateVerdict): readonly string[] {
  if (verdict !== "pass" && verdict !== "refuse") return [];
  const n = readNumbers(numbers);
  const source = limitSource({
    source: n.text("source"),
    plan: n.text("plan"),
    seats: n.has("seats") ? { count: n.number("seats"), eachMicros: n.number("seatMicros") } : null,
  });
  return [
    gate === "hold" && n.has("limitMicros") ? free(n) : null,
    source,
    gate === "usage" && n.has("resetAt") ? `resets on ${formatDay(n.number("resetAt"))}` : null,
    verdict === "pass" && n.has("couldStart") ? room(gate, n) : null,
  ].filter((detail) => detail !== null);
}

/** What a hold could be taken from; below nothing where the limit was lowered. */
function free(n: NumbersReader): string {
  const left = n.number("limitMicros") - n.number("settledMicros") - n.number("heldMicros");
  return `${formatMoney(Math.max(0, left))} of ${formatMoney(n.number("limitMicros"))} free`;
}

/** The money gates say what they count with: usage needs only the base charge, a hold what the run may spend. */
function room(gate: GateVerdict["gate"], n: NumbersReader): string {
  const runs = plural(n.number("couldStart"), "run");
  if (gate === "usage") return `room for ${runs} of ${formatMoney(n.number("neededMicros"))}`;
  if (gate === "hold") return `room for ${runs} of ${formatMoney(n.number("holdMicros"))}`;
  return `room for ${plural(n.number("couldStart"), "such run")}`;
}
