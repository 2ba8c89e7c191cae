import type { RunRecord } from "../../api/types.ts";
import { modelWords } from "../../definition/read-agent.ts";
import { formatMoney, plural } from "../../ui/format.ts";

type Charge = RunRecord["charges"][number];

/** Whose key a model call was made with, and so whether it was charged. */
const keyWords: Readonly<Record<NonNullable<Charge["keySource"]>, string>> = {
  platform: "the platform's key",
  workspace: "your workspace's own key: not charged",
  organization: "your organization's own key: not charged",
};

/** "Anthropic claude-haiku-4-5" */
export function chargeTitle({ kind, provider, model }: Pick<Charge, "kind" | "provider" | "model">): string {
  if (kind === "base") return "Base charge";
  return provider === null ? (model ?? "Model call") : modelWords({ provider, model: model ?? "" });
}

/** "1,204 tokens in, 310 tokens out · the platform's key" */
export function chargeDetails({ inputTokens, outputTokens, keySource }: Charge): string {
  const tokens = `${plural(inputTokens ?? 0, "token")} in, ${plural(outputTokens ?? 0, "token")} out`;
  return keySource === null ? tokens : `${tokens} · ${keyWords[keySource]}`;
}

/**
 * What became of the money that was set aside when the run started. Null where nothing was, or it is not known: a run
 * without limits, one that was refused, one that was lost.
 */
export function holdSentence(
  { decision, costMicros }: Pick<RunRecord, "decision" | "costMicros">,
  isOver: boolean,
): string | null {
  const gate = decision.find((verdict) => verdict.gate === "hold");
  if (gate?.verdict !== "pass") return null;
  const { holdMicros } = gate.numbers;
  if (typeof holdMicros !== "number") return null;
  const held = `${formatMoney(holdMicros)} was held at the start`;
  if (costMicros > holdMicros) return `${held}, and more before the calls that needed it.`;
  if (!isOver) return `${held}; ${formatMoney(costMicros)} of it is spent so far.`;
  return costMicros === holdMicros
    ? `${held}, and all of it was spent.`
    : `${held}; ${formatMoney(holdMicros - costMicros)} of it went back.`;
}
