import { Infinity as InfinityIcon } from "lucide-react";

export function NoLimits() {
  return (
    <div className="flex items-start gap-4 rounded-xl bg-subtle p-5">
      <InfinityIcon aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-accent-text" />
      <div>
        <h2 className="font-medium">No limits</h2>
        <p className="mt-0.5 max-w-prose text-sm text-muted">
          Billing is off on this Gantry, so no run is refused for money, rate or concurrency. What runs cost
          is still counted below.
        </p>
      </div>
    </div>
  );
}
