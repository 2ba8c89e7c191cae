import { setTimeout as sleep } from "node:timers/promises";

/** Asks every few milliseconds until the answer is not null; null once the time is over. */
export async function poll<T>(timeoutMs: number, ask: () => T | null | Promise<T | null>): Promise<T | null> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || performance.now() >= end) return answer;
    await sleep(10);
  }
}
