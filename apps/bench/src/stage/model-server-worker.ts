import { parentPort } from "node:worker_threads";
import { type ModelServer, startModelServer } from "@gantry/model-server";
import type { Answered, Asked } from "./model-server-thread.ts";

const port = parentPort;
if (port === null) throw new Error("This file is started as a worker.");
const servers: ModelServer[] = [];

port.on("message", (asked: Asked) => {
  // What fails here ends the thread, and so the measurement.
  void answer(asked).then((answered) => port.postMessage(answered));
});

async function answer(asked: Asked): Promise<Answered> {
  if (asked.what === "start") {
    const server = await startModelServer(asked.options);
    const { url, ca } = server;
    return { id: asked.id, started: { place: servers.push(server) - 1, url, ca } };
  }
  const server = servers[asked.place];
  if (server === undefined) throw new Error(`There is no server ${asked.place}`);
  return { id: asked.id, stats: server.stats() };
}
