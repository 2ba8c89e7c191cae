import { useState } from "react";
import type { Decision } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { gateDetails } from "./gate-details.ts";
import { GateRow } from "./gate-row.tsx";
import { everyGate } from "./gates.ts";

/** Every gate in order, with its verdict and the numbers behind it. Where those come from is folded on a phone. */
export function GateTimeline({ decision }: { readonly decision: Decision }) {
  const [isOpen, setOpen] = useState(false);
  const gates = everyGate(decision).map((gate) => ({ gate, details: gateDetails(gate) }));
  const hasDetails = gates.some(({ details }) => details.length > 0);
  return (
    <div>
      <ol aria-label="Gates" className="relative">
        {gates.map(({ gate, details }, index) => (
          <GateRow key={gate.gate} gate={gate} details={details} isOpen={isOpen} delayMs={index * 28} />
        ))}
      </ol>
      {hasDetails && (
        <div className="mt-2 -ml-2.5 sm:hidden">
          <Button size="sm" variant="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide where the limits come from" : "Show where the limits come from"}
          </Button>
        </div>
      )}
    </div>
  );
}
