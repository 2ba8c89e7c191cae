import type { Problem } from "@gantry/workflow";
import { CircleCheck } from "lucide-react";
import type { Graph } from "../../definition/read-definition.ts";
import { plural } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";

interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly graph: Graph;
  readonly onSelect: (blockId: string) => void;
}

const shownMax = 50;

export function ProblemList({ problems, graph, onSelect }: ProblemListProps) {
  if (problems.length === 0) {
    return (
      <p role="status" className="flex items-center gap-2 text-[13px] text-muted">
        <CircleCheck aria-hidden="true" className="size-4 text-ok" />
        No problems. This draft can be deployed.
      </p>
    );
  }
  return (
    <Section
      title="Problems"
      actions={
        <span role="status" className="numbers text-[13px] text-bad">
          {plural(problems.length, "problem")}
        </span>
      }
    >
      <ul className="divide-y divide-line border-y border-line text-[13px]">
        {problems.slice(0, shownMax).map((problem, index) => {
          const block = graph.blocks.find(({ id }) => id === problem.blockId);
          return (
            <li key={index} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-2">
              {block !== undefined && (
                <button
                  type="button"
                  className="font-medium text-accent-text hover:underline"
                  onClick={() => onSelect(block.id)}
                >
                  {block.name}
                </button>
              )}
              <span className="min-w-0 flex-1 basis-52 break-words">{problem.message}</span>
              {problem.path.length > 0 && (
                <code className="font-mono text-xs text-muted">{problem.path.join(".")}</code>
              )}
            </li>
          );
        })}
      </ul>
      {problems.length > shownMax && <p className="text-xs text-muted">The first {shownMax} are shown.</p>}
    </Section>
  );
}
