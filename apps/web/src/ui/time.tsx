import { useSyncExternalStore } from "react";
import { formatExact, formatRelative } from "./format.ts";

const stepMs = 10_000;

function subscribe(changed: () => void): () => void {
  const timer = setInterval(changed, stepMs);
  return () => clearInterval(timer);
}

/** The clock in steps of ten seconds, shared by every relative time on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => Math.ceil(Date.now() / stepMs) * stepMs);
}

/** "4 min. ago", with the exact time as its title. */
export function RelativeTime({ at }: { readonly at: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)} className="whitespace-nowrap">
      {formatRelative(Math.min(at, now), now)}
    </time>
  );
}
