import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { ModelServerStats } from "@gantry/model-server";

/** What the thread is asked, and what it answers, by the question's id. */
export type Asked = { readonly id: number } & (
  | { readonly what: "start"; readonly options: { readonly outputTokens: number } }
  | { readonly what: "stats"; readonly place: number }
);
export interface Answered {
  readonly id: number;
  readonly started?: { readonly place: number; readonly url: string; readonly ca: string };
  readonly stats?: ModelServerStats;
}

export interface ThreadedModelServer {
  readonly url: string;
  readonly ca: string;
  stats(): Promise<ModelServerStats>;
}

/** Model servers in a thread of their own, so that what they cost is not taken for the cost of calling them. */
export interface ModelServerThread extends AsyncDisposable {
  start(options: { readonly outputTokens: number }): Promise<ThreadedModelServer>;
}

// A worker runs no TypeScript on Node 20: the built file is used.
const program = new URL("../../dist/stage/model-server-worker.js", import.meta.url);

export async function startModelServerThread(): Promise<ModelServerThread> {
  const worker = new Worker(program);
  const waiting = new Map<number, (answered: Answered) => void>();
  worker.on("message", (answered: Answered) => {
    waiting.get(answered.id)?.(answered);
    waiting.delete(answered.id);
  });
  await once(worker, "online");
  let asked = 0;
  type Question = Asked extends infer One ? (One extends Asked ? Omit<One, "id"> : never) : never;
  const ask = (question: Question): Promise<Answered> =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ id: asked, ...question });
    });
  return {
    async start(options) {
      const { started } = await ask({ what: "start", options });
      if (started === undefined) throw new Error("The server did not start.");
      const { url, ca, place } = started;
      return {
        url,
        ca,
        async stats() {
          const { stats } = await ask({ what: "stats", place });
          if (stats === undefined) throw new Error("The server has no figures.");
          return stats;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
