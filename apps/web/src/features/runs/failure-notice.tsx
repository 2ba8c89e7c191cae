import { Link } from "@tanstack/react-router";
import type { BlockError } from "../../api/types.ts";
import { Notice } from "../../ui/notice.tsx";
import { nextStep } from "./next-step.ts";
import type { RunPlace } from "./run-place.ts";

interface FailureNoticeProps {
  readonly message: string;
  readonly code: string;
  /** The failure of the block that it comes from; null where it is not known. */
  readonly block: BlockError | null;
  /** What became of the run all the same. */
  readonly after?: string;
  readonly role?: "alert" | "note";
  readonly place: RunPlace;
}

/** What went wrong, what helps, and the code that a program is told. */
export function FailureNotice({ message, code, block, after, role = "note", place }: FailureNoticeProps) {
  const step = block === null ? null : nextStep(block);
  return (
    <Notice tone="bad" role={role}>
      <p className="font-medium">{message}</p>
      {step !== null && (
        <p>
          {step.text}
          {step.page === "environment" && (
            <>
              {" "}
              <Link
                to="/w/$workspaceId/environment"
                params={{ workspaceId: place.workspaceId }}
                className="font-medium underline underline-offset-2"
              >
                Open Environment
              </Link>
            </>
          )}
        </p>
      )}
      <p className="text-xs text-muted">
        <code className="font-mono">{code}</code>
        {after !== undefined && ` · ${after}`}
      </p>
    </Notice>
  );
}
