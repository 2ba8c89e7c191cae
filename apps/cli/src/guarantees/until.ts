import { setTimeout as pause } from "node:timers/promises";

/** What a check waited for did not come in time: its guarantee does not hold, or cannot be shown to. */
export class NotObserved extends Error {
  override readonly name = "NotObserved";
}

/** Asks again and again until the answer is not null. Throws `NotObserved`, which tells `what` did not happen. */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null> | T | null,
  { timeoutMs = 30_000, everyMs = 10 }: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== null) return answer;
    if (performance.now() > deadline) {
      throw new NotObserved(`Within ${timeoutMs / 1_000} s this did not happen: ${what}.`);
    }
    await pause(everyMs);
  }
}
