import { AlignLeft, Save } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Draft } from "./use-draft.ts";

interface DraftBarProps {
  readonly draft: Draft;
  readonly canSave: boolean;
  readonly onFormat: () => void;
}

/** What is saved and what is not, and what to do when somebody else saved first. */
export function DraftBar({ draft, canSave, onFormat }: DraftBarProps) {
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-2">
        <p role="status" className="numbers mr-auto text-[13px] text-muted">
          {draft.isSaving
            ? "Saving"
            : draft.isDirty
              ? "Unsaved changes"
              : `Saved, revision ${draft.revision}`}
        </p>
        <Button variant="quiet" icon={<AlignLeft aria-hidden="true" className="size-4" />} onClick={onFormat}>
          Format
        </Button>
        <Button
          variant="primary"
          icon={<Save aria-hidden="true" className="size-4" />}
          disabled={!canSave || !draft.isDirty}
          busy={draft.isSaving}
          onClick={() => draft.save()}
        >
          Save draft
        </Button>
      </div>
      {draft.conflictRevision !== null ? (
        <Conflict draft={draft} revision={draft.conflictRevision} />
      ) : (
        <MutationError error={draft.error} />
      )}
    </div>
  );
}

function Conflict({ draft, revision }: { readonly draft: Draft; readonly revision: number }) {
  return (
    <Notice
      tone="warn"
      role="alert"
      action={
        <span className="flex flex-wrap justify-end gap-2">
          <Button size="sm" onClick={draft.reload}>
            Load theirs
          </Button>
          <Button size="sm" onClick={() => draft.save(revision)}>
            Save mine over it
          </Button>
        </span>
      }
    >
      <p className="font-medium">
        Somebody saved revision {revision} while you were editing revision {draft.revision}.
      </p>
      <p className="text-muted">
        Your text is still here. Loading theirs drops it; saving yours replaces theirs.
      </p>
    </Notice>
  );
}
