import type { StartInput } from "@gantry/workflow";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { client, trpc } from "../../api/client.ts";
import { type InputProblem, readFailure } from "../../api/failure.ts";
import { readGraph, readStartInputs } from "../../definition/read-definition.ts";
import { Explanation } from "./explanation.tsx";
import { LiveRunStatus } from "./live-run-status.tsx";
import { LocalModelsNotice } from "./local-models-notice.tsx";
import { PreflightView } from "./preflight-view.tsx";
import { RunForm } from "./run-form.tsx";
import { RunLayout } from "./run-layout.tsx";
import { costLimitPath, type RunRequest, startInput } from "./run-request.ts";
import { isOver } from "./run-state.ts";
import type { LiveRun } from "./run-stream.ts";
import { useLiveRun } from "./use-live-run.ts";

interface RunTabProps {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly draft: unknown;
}

/** Runs the draft and shows the run as it happens. */
export function RunTab({ workspaceId, workflowId, draft }: RunTabProps) {
  const graph = useMemo(() => readGraph(draft), [draft]);
  const inputs = useMemo(() => readStartInputs(graph), [graph]);
  const { live, stream } = useLiveRun();
  const [last, setLast] = useState<RunRequest>({ input: {}, maxCostMicros: null });
  const explain = useMutation({
    mutationFn: (request: RunRequest) => client.execution.explain.query(startInput(workflowId, request)),
  });
  const cancel = useMutation(trpc.execution.cancel.mutationOptions());
  const status = useQuery(trpc.system.status.queryOptions());

  const over = live.kind !== "run" || live.connection === "lost" || isOver(live.run.phase);
  useRefreshWhenOver(live.kind === "run" && over);

  const run = (request: RunRequest) => {
    setLast(request);
    explain.reset();
    cancel.reset();
    stream.start(workflowId, request);
  };
  const place = { workspaceId, workflowId };
  const onRetry = () => run(last);

  const side = (
    <>
      <RunForm
        inputs={inputs}
        running={!over}
        explaining={explain.isPending}
        cancelling={cancel.isPending || cancel.isSuccess}
        serverProblems={byInput(inputs, problemsOf(live, explain.error))}
        onRun={run}
        onExplain={(request) => {
          stream.clear();
          explain.mutate(request);
        }}
        onCancel={() => {
          if (live.kind === "run" && live.run.runId !== null) cancel.mutate({ runId: live.run.runId });
          else stream.clear();
        }}
      />
      {live.kind === "run" && (
        <PreflightView
          decision={live.run.decision}
          timings={live.run.timings}
          verdict={live.run.phase === "refused" ? "Refused" : "Admitted"}
        />
      )}
      {live.kind === "idle" && <Explanation explain={explain} />}
      {live.kind === "idle" && status.data?.models === "local" && <LocalModelsNotice />}
    </>
  );
  return (
    <RunLayout
      graph={graph}
      run={live.kind === "run" ? live.run : null}
      place={place}
      onRetry={onRetry}
      side={side}
    >
      <LiveRunStatus live={live} cancelError={cancel.error} place={place} onRetry={onRetry} />
    </RunLayout>
  );
}

/** Lists and meters elsewhere in the app are older than a run that has just ended. */
function useRefreshWhenOver(over: boolean): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!over) return;
    void queryClient.invalidateQueries({ queryKey: trpc.execution.list.pathKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.usage.get.pathKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.workflow.list.pathKey() });
  }, [over, queryClient]);
}

function problemsOf(live: LiveRun, explainError: unknown): readonly InputProblem[] {
  if (live.kind === "failed") return live.failure.problems;
  return explainError === null ? [] : readFailure(explainError).problems;
}

/** By the name of the field that each belongs to. */
function byInput(
  inputs: readonly StartInput[],
  problems: readonly InputProblem[],
): Readonly<Record<string, string>> {
  const fields = [...inputs.map(({ name }) => name), costLimitPath];
  return Object.fromEntries(
    problems.flatMap(({ path, message }) => {
      const field = fields.find((name) => path.includes(name));
      return field === undefined ? [] : [[field, message]];
    }),
  );
}
