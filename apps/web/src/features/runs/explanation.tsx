import { readFailure } from "../../api/failure.ts";
import type { Explanation as Answer } from "../../api/types.ts";
import { Notice } from "../../ui/notice.tsx";
import { explainHeadline } from "./explain-words.ts";
import { PreflightView } from "./preflight-view.tsx";
import { refusalWords } from "./refusal-words.ts";

interface ExplanationProps {
  readonly explain: {
    readonly data: Answer | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
  };
}

/** What every gate would say to this run now. */
export function Explanation({ explain }: ExplanationProps) {
  if (explain.isPending) return <PreflightView decision={null} timings={null} verdict="" />;
  if (explain.error !== null && explain.error !== undefined) {
    return (
      <Notice tone="bad" role="alert">
        {readFailure(explain.error).message}
      </Notice>
    );
  }
  if (explain.data === undefined) return null;
  const { decision, timings, refusal } = explain.data;
  return (
    <PreflightView
      decision={decision}
      timings={timings}
      verdict={refusal === null ? "Would be admitted" : "Would be refused"}
      note={<Headline {...explain.data} />}
    />
  );
}

function Headline({ refusal, couldStart }: Answer) {
  const words = refusal === null ? null : refusalWords(refusal);
  return (
    <Notice tone={words === null ? "ok" : "warn"}>
      <p className="numbers font-medium">{explainHeadline(refusal, couldStart)}</p>
      <p className="numbers text-muted">
        {words === null ? "Nothing was spent by asking." : `${words.limit} ${words.next}`}
      </p>
    </Notice>
  );
}
