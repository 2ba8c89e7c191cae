import { type Answer, answerOf, noAnswer } from "./answer.ts";

/** One run of one workflow, under an API key. */
export interface Ask {
  readonly apiKey: string;
  readonly workflowId: string;
}

/** Starts a run over REST and waits for its end. Never throws: no answer is an answer too. */
export async function startRun(baseUrl: string, ask: Ask): Promise<Answer> {
  try {
    return await answerOf(await post(baseUrl, ask, { input: {} }));
  } catch {
    return noAnswer;
  }
}

/** The id of a run that was admitted and goes on; nobody listens to it any more. Otherwise why it was not. */
export async function leaveRun(
  baseUrl: string,
  ask: Ask,
): Promise<{ readonly runId: string } | { readonly runId: null; readonly answer: Answer }> {
  try {
    const response = await post(baseUrl, ask, { input: {}, stream: true });
    if (response.status !== 200) return { runId: null, answer: await answerOf(response) };
    return { runId: await firstEventsRunId(response) };
  } catch {
    return { runId: null, answer: noAnswer };
  }
}

function post(baseUrl: string, { apiKey, workflowId }: Ask, body: object): Promise<Response> {
  return fetch(`${baseUrl}/api/v2/workflows/${workflowId}/execute`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": apiKey },
    body: JSON.stringify(body),
  });
}

/** Of the event `admitted`, which comes first; then it leaves. */
async function firstEventsRunId({ body }: Response): Promise<string> {
  let text = "";
  // Leaving the loop ends the connection; the run goes on.
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString("utf8");
    const [, data] = /^data: (.*)\n/m.exec(text) ?? [];
    if (data === undefined) continue;
    const { runId }: { runId: string } = JSON.parse(data);
    return runId;
  }
  throw new Error("A stream ended before its first event.");
}
