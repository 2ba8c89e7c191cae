import { Check, CornerDownRight, Minus, X } from "lucide-react";
import type { Decision, GateVerdict } from "../../api/types.ts";
import { classNames } from "../../ui/class-names.ts";
import { everyGate, gateLabels, gateSentence, verdictLabels } from "./gates.ts";

const marks = {
  pass: { icon: Check, className: "bg-ok-soft text-ok" },
  refuse: { icon: X, className: "bg-bad-soft text-bad" },
  not_required: { icon: CornerDownRight, className: "bg-subtle text-muted" },
  not_reached: { icon: Minus, className: "text-muted" },
} satisfies Record<GateVerdict["verdict"], unknown>;

/** Every gate in order, with its verdict and the numbers behind it. */
export function GateTimeline({ decision }: { readonly decision: Decision }) {
  return (
    <ol aria-label="Gates" className="relative">
      {everyGate(decision).map((gate, index) => (
        <GateRow key={gate.gate} gate={gate} delayMs={index * 28} />
      ))}
    </ol>
  );
}

function GateRow({ gate, delayMs }: { readonly gate: GateVerdict; readonly delayMs: number }) {
  const { icon: Icon, className } = marks[gate.verdict];
  const label = gateLabels[gate.gate];
  const sentence = gateSentence(gate);
  const quiet = gate.verdict === "not_reached" || gate.verdict === "not_required";
  return (
    <li
      aria-label={`${label}: ${verdictLabels[gate.verdict]}${sentence === "" ? "" : `. ${sentence}`}`}
      style={{ animationDelay: `${delayMs}ms` }}
      className="group relative flex animate-arrive items-start gap-3 pb-2.5 last:pb-0"
    >
      <span
        aria-hidden="true"
        className="absolute top-5 bottom-0 left-[9.5px] w-px bg-line group-last:hidden"
      />
      <span
        className={classNames(
          "relative mt-px flex size-5 shrink-0 items-center justify-center rounded-full",
          className,
        )}
      >
        <Icon aria-hidden="true" className="size-3" strokeWidth={2.75} />
      </span>
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
        <span className={classNames("w-24 text-[13px] leading-5 font-medium", quiet && "text-muted")}>
          {label}
        </span>
        <span
          className={classNames(
            "numbers min-w-0 flex-1 basis-40 text-[13px] leading-5",
            gate.verdict === "refuse" ? "font-medium text-bad" : "text-muted",
          )}
        >
          {sentence === "" ? verdictLabels[gate.verdict] : sentence}
        </span>
      </span>
    </li>
  );
}
