import type { UseQueryResult } from "@tanstack/react-query";
import { type LucideIcon, Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Page } from "./page.tsx";
import { QueryView } from "./query-view.tsx";
import { SkeletonRows } from "./skeleton.tsx";

interface CollectionPageProps<T> {
  readonly title: string;
  /** What it lists, as the middle of a sentence: "workflows". */
  readonly things: string;
  readonly description: string;
  readonly query: UseQueryResult<readonly T[], unknown>;
  readonly icon: LucideIcon;
  /** What is said where nothing is listed yet. */
  readonly whenEmpty: string;
  /** "New workflow" */
  readonly createLabel: string;
  readonly renderDialog: (onClose: () => void) => ReactNode;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A page that lists what people make, and makes one more in a dialog: the button stands where the eye is. */
export function CollectionPage<T>({
  title,
  things,
  description,
  query,
  icon,
  whenEmpty,
  createLabel,
  renderDialog,
  children,
}: CollectionPageProps<T>) {
  const [creating, setCreating] = useState(false);
  const create = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" className="size-4" />}
      onClick={() => setCreating(true)}
    >
      {createLabel}
    </Button>
  );
  return (
    <Page
      title={title}
      description={description}
      actions={query.data !== undefined && query.data.length > 0 && create}
    >
      <QueryView
        query={query}
        skeleton={<SkeletonRows label={`Loading ${things}`} />}
        errorTitle={`The ${things} could not be loaded`}
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={icon} title={`No ${things} yet`} action={create}>
              {whenEmpty}
            </EmptyState>
          ) : (
            children(items)
          )
        }
      </QueryView>
      {creating && renderDialog(() => setCreating(false))}
    </Page>
  );
}
