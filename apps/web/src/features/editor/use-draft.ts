import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { Workflow } from "../../api/types.ts";
import { parseDraft, toText } from "./draft-text.ts";

export interface Draft {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly isDirty: boolean;
  readonly revision: number;
  readonly isSaving: boolean;
  readonly error: unknown;
  /** Somebody else saved this revision in the meantime. */
  readonly conflictRevision: number | null;
  /** Saves on top of `onto`: the revision that was loaded, or the one that a conflict named. */
  readonly save: (onto?: number) => void;
  /** Drops what was typed and takes what is stored. */
  readonly reload: () => void;
}

/** The draft as it is being edited, against the revision that it was loaded from. */
export function useDraft(workflow: Workflow): Draft {
  const [base, setBase] = useState(() => ({
    revision: workflow.draftRevision,
    text: toText(workflow.draft),
  }));
  const [text, setText] = useState(base.text);
  const queryClient = useQueryClient();
  const queryKey = trpc.workflow.get.queryKey({ workflowId: workflow.id });

  const save = useMutation(
    trpc.workflow.saveDraft.mutationOptions({
      onSuccess: async ({ revision }, { definition }) => {
        setBase({ revision, text: toText(definition) });
        await queryClient.invalidateQueries({ queryKey });
      },
    }),
  );

  const reload = async () => {
    const { draft, draftRevision } = await queryClient.fetchQuery(
      trpc.workflow.get.queryOptions({ workflowId: workflow.id }, { staleTime: 0 }),
    );
    setBase({ revision: draftRevision, text: toText(draft) });
    setText(toText(draft));
    save.reset();
  };

  return {
    text,
    setText,
    isDirty: text !== base.text && !isSameJson(text, base.text),
    revision: base.revision,
    isSaving: save.isPending,
    error: save.error,
    conflictRevision:
      save.error === null ? null : (readFailure(save.error).conflict?.currentRevision ?? null),
    save: (onto = base.revision) => {
      const parsed = parseDraft(text);
      if (parsed.ok)
        save.mutate({ workflowId: workflow.id, baseRevision: onto, definition: parsed.definition });
    },
    reload: () => void reload(),
  };
}

/** Formatting alone is no change. */
function isSameJson(a: string, b: string): boolean {
  const parsed = parseDraft(a);
  return parsed.ok && toText(parsed.definition) === b;
}
