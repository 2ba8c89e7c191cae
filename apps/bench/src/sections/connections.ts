import { setTimeout as passing } from "node:timers/promises";
import { providerIds } from "@gantry/providers";
import { median } from "../measure/statistics.ts";
import { createModelCaller, type ModelCaller } from "../stage/model-callers.ts";
import { startModelServerThread, type ThreadedModelServer } from "../stage/model-server-thread.ts";
import { createSdkCaller, sdkAlone } from "../stage/sdk-caller.ts";
import { atMost, type Row, type Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

const atOnce = 16;

const makers: readonly ((server: ThreadedModelServer) => ModelCaller)[] = [
  ...providerIds.map((provider) => (server: ThreadedModelServer) => createModelCaller(provider, server)),
  createSdkCaller,
];

/** How many connections the calls of a tenant open, and how long a call waits for its first byte, after ever longer silences. */
export async function measureConnections(sizes: Sizes): Promise<readonly Section[]> {
  await using thread = await startModelServerThread();
  const alone = oneAtATime();
  const measurements = await Promise.all(
    makers.map(async (makeCaller) => {
      // A server for each: its connections are this caller's alone.
      const server = await thread.start({ outputTokens: 5 });
      await using caller = makeCaller(server);
      return await measured(caller, server, { ...sizes, alone });
    }),
  );
  const silences = sizes.silencesMs.map((ms) => `${ms / 1_000} s`);
  return [
    {
      title: "CONNECTIONS OF EVERY PROVIDER",
      notes: [
        "counted at a local HTTPS server, as handshakes; it keeps idle connections and names no time for them.",
        `in a row: one tenant, ${sizes.callsInARow} calls. tenants: so many more, each by another. at once: by ${atOnce} tenants.`,
        "silence: new connections of a call after it. twice after 30 s of silence: those, with the first call's.",
      ],
      columns: ["in a row", "tenants", "at once", ...silences, "every 30 s"].map((title) => ({
        title,
        unit: "count" as const,
      })),
      rows: measurements.map(({ counts }) => counts),
    },
    {
      title: "MILLISECONDS TO THE FIRST BYTE",
      notes: [
        "from the call of the adapter to the first part of the answer, in the same run.",
        "new tenant: another key over connections that are warm. The 60 s are as long as an idle connection is kept.",
      ],
      columns: ["first", "warm", "new tenant", ...silences].map((title) => ({ title, unit: "ms" as const })),
      rows: measurements.map(({ times }) => times),
    },
  ];
}

/** The callers keep silence together, but each call has the machine to itself. */
type Alone = <T>(work: () => Promise<T>) => Promise<T>;

function oneAtATime(): Alone {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  };
}

interface Measured {
  readonly counts: Row;
  readonly times: Row;
}

async function measured(
  caller: ModelCaller,
  server: ThreadedModelServer,
  { alone, ...sizes }: Sizes & { readonly alone: Alone },
): Promise<Measured> {
  const call = (key: string) => alone(() => caller.call(key));
  const opened = async (work: () => Promise<unknown>): Promise<number> => {
    const before = (await server.stats()).tlsHandshakes;
    await work();
    return (await server.stats()).tlsHandshakes - before;
  };

  const first = await call("tenant");
  const warm: number[] = [];
  const ofNewTenants: number[] = [];
  const inARow = await opened(async () => {
    for (let turn = 0; turn < sizes.callsInARow; turn += 1) warm.push(await call("tenant"));
  });
  const tenants = await opened(async () => {
    for (let turn = 0; turn < sizes.callsInARow; turn += 1) ofNewTenants.push(await call(`tenant-${turn}`));
  });

  const after: { readonly connections: number; readonly ms: number }[] = [];
  for (const silence of sizes.silencesMs) {
    await passing(silence);
    let ms = 0;
    const connections = await opened(async () => {
      ms = await call("tenant");
    });
    after.push({ connections, ms });
  }
  const every30 = await opened(async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      await passing(sizes.everyMs);
      await call("tenant");
    }
  });
  const parallel = await opened(() =>
    alone(() => Promise.all(Array.from({ length: atOnce }, (_, tenant) => caller.call(`tenant-${tenant}`)))),
  );
  // The first call's, and what the calls that came every 30 seconds added to it.
  const inAll = 1 + inARow + every30;
  const { name } = caller;
  return {
    counts: {
      name,
      cells: [1 + inARow, tenants, parallel, ...after.map(({ connections }) => connections), inAll],
      ...(name === sdkAlone ? {} : { verdict: atMost(inAll, 1, "every 30 s <= 1") }),
    },
    times: { name, cells: [first, median(warm), median(ofNewTenants), ...after.map(({ ms }) => ms)] },
  };
}
