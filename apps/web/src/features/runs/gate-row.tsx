import { Check, CornerDownRight, Minus, X } from "lucide-react";
import { useId } from "react";
import type { GateVerdict } from "../../api/types.ts";
import { classNames } from "../../ui/class-names.ts";
import { gateLabels, gateSentence, verdictLabels } from "./gates.ts";

const marks = {
  pass: { icon: Check, className: "bg-ok-soft text-ok" },
  refuse: { icon: X, className: "bg-bad-soft text-bad" },
  not_required: { icon: CornerDownRight, className: "bg-subtle text-muted" },
  not_reached: { icon: Minus, className: "text-muted" },
} satisfies Record<GateVerdict["verdict"], unknown>;

interface GateRowProps {
  readonly gate: GateVerdict;
  readonly details: readonly string[];
  /** Whether the details are shown on a phone, too. */
  readonly isOpen: boolean;
  readonly delayMs: number;
}

export function GateRow({ gate, details, isOpen, delayMs }: GateRowProps) {
  const id = useId();
  const { icon: Icon, className } = marks[gate.verdict];
  const label = gateLabels[gate.gate];
  const sentence = gateSentence(gate);
  const quiet = gate.verdict === "not_reached" || gate.verdict === "not_required";
  return (
    <li
      aria-label={`${label}: ${verdictLabels[gate.verdict]}${sentence === "" ? "" : `. ${sentence}`}`}
      aria-describedby={details.length === 0 ? undefined : id}
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
        <span className="numbers min-w-0 flex-1 basis-40 text-[13px] leading-5">
          <span className={gate.verdict === "refuse" ? "font-medium text-bad" : "text-muted"}>
            {sentence === "" ? verdictLabels[gate.verdict] : sentence}
          </span>
          {details.length > 0 && (
            <span
              id={id}
              className={classNames(
                "flex flex-wrap gap-x-3 text-xs leading-4.5 text-muted",
                !isOpen && "max-sm:hidden",
              )}
            >
              {details.map((detail) => (
                <span key={detail}>
                  {detail}
                  <span className="sr-only">. </span>
                </span>
              ))}
            </span>
          )}
        </span>
      </span>
    </li>
  );
}
