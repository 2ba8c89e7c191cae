import { Link } from "@tanstack/react-router";
import { OctagonAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { buttonClass } from "../../ui/button.tsx";
import type { RefusalNotice } from "./refusal-notice.ts";
import { RetryButton } from "./retry-button.tsx";
import type { RunPlace } from "./run-place.ts";

interface RefusalCardProps {
  readonly notice: RefusalNotice;
  readonly place: RunPlace;
  /** `note` where it is not the page's news. */
  readonly role?: "alert" | "note";
  /** Absent where the run is looked at afterwards. */
  readonly onRetry?: (() => void) | undefined;
}

/** What was asked, what the limit is, what to do next. */
export function RefusalCard({ notice, place, role = "alert", onRetry }: RefusalCardProps) {
  const { code, message, words, retryAfterMs } = notice;
  const { workspaceId, workflowId } = place;
  const card = useRef<HTMLElement>(null);
  const isLive = onRetry !== undefined;
  // On a phone the button that was pressed may be a screen away from the answer.
  useEffect(() => {
    if (isLive) card.current?.scrollIntoView({ block: "nearest" });
  }, [isLive]);
  return (
    <section
      ref={card}
      role={role}
      aria-label="Refused"
      className="scroll-my-20 animate-arrive rounded-xl bg-warn-soft p-5 sm:p-6"
    >
      <div className="flex items-start gap-3.5">
        <OctagonAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-warn" />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-baseline justify-between gap-x-4">
            <h2 className="font-semibold tracking-tight">{words.title}</h2>
            <code className="font-mono text-xs text-muted">{code}</code>
          </div>
          <p className="mt-0.5 text-sm text-muted">{message}</p>
          <dl className="numbers mt-4 grid gap-x-6 gap-y-2.5 text-sm sm:grid-cols-[auto_1fr]">
            <Fact label="You asked" value={words.asked} />
            <Fact label="The limit" value={words.limit} />
            <Fact label="What to do" value={words.next} />
          </dl>
          <div className="mt-5 flex flex-wrap gap-2 empty:hidden">
            {onRetry !== undefined && retryAfterMs !== null && (
              <RetryButton key={retryAfterMs} afterMs={retryAfterMs} onRetry={onRetry} />
            )}
            {words.page === "usage" && (
              <Link to="/w/$workspaceId/usage" params={{ workspaceId }} className={buttonClass()}>
                See usage and limits
              </Link>
            )}
            {words.page === "versions" && (
              <Link
                to="/w/$workspaceId/workflows/$workflowId/versions"
                params={{ workspaceId, workflowId }}
                className={buttonClass()}
              >
                Go to versions
              </Link>
            )}
          </div>
        </div>
      </div>
    </section>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="contents">
      <dt className="font-medium max-sm:-mb-2">{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
