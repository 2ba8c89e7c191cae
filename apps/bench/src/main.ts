import { constants } from "node:os";
import { measureAdapters } from "./sections/adapters.ts";
import { measureClaims } from "./sections/claims.ts";
import { measureConnections } from "./sections/connections.ts";
import { measureHttp } from "./sections/http.ts";
import { measureLedger } from "./sections/ledger.ts";
import { measurePreflight } from "./sections/preflight.ts";
import { measureRefusals } from "./sections/refusals.ts";
import { countRoundTrips } from "./sections/roundtrips.ts";
import { fullSizes, quickSizes } from "./sections/sizes.ts";
import { startServer } from "./stage/server.ts";
import { openStage, type Stage } from "./stage/stage.ts";
import { printSection } from "./table/print-section.ts";
import type { Section } from "./table/section.ts";

// pnpm bench [preflight|claims|ledger|refusals|http|roundtrips|connections|adapters ...] [--quick] [--json]

// AWS's SDK warns of Node 20 in the middle of a table.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";

const args = process.argv.slice(2);
const sizes = args.includes("--quick") ? quickSizes : fullSizes;
const asJson = args.includes("--json");
const sections: Readonly<Record<string, (stage: Stage) => Promise<Section | readonly Section[]>>> = {
  preflight: (stage) => measurePreflight(stage, sizes),
  claims: (stage) => measureClaims(stage, sizes),
  ledger: (stage) => measureLedger(stage, sizes),
  refusals: (stage) => measureRefusals(stage, sizes),
  http: (stage) => measureHttp(stage, sizes),
  roundtrips: (stage) => countRoundTrips(stage, sizes.tripSamples),
  connections: () => measureConnections(sizes),
  adapters: () => measureAdapters(sizes),
};
const asked = args.filter((arg) => !arg.startsWith("--"));
const unknown = asked.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(
    `There is nothing called ${unknown.join(", ")}: choose from ${Object.keys(sections).join(", ")}.`,
  );
  process.exit(1);
}

const stopped = new Promise<"SIGINT" | "SIGTERM">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve(signal));
});
const server = await startServer();
const stage = await openStage(server.url);
const signal = await untilDone();
process.exit(signal === null ? 0 : 128 + constants.signals[signal]);

/** The signal that ended it, or null when all was measured. */
async function untilDone(): Promise<"SIGINT" | "SIGTERM" | null> {
  try {
    // What is being measured when a signal comes fails as soon as its database is gone: nobody wants to hear of it.
    return await Promise.race([stopped, measure().then(() => null)]);
  } finally {
    await stage.close();
    await server.stop();
  }
}

async function measure(): Promise<void> {
  const measured: Section[] = [];
  for (const name of asked.length > 0 ? asked : Object.keys(sections)) {
    for (const section of [(await sections[name]?.(stage)) ?? []].flat()) {
      measured.push(section);
      if (!asJson) console.log(printSection(section).join("\n"));
    }
  }
  if (asJson) console.log(JSON.stringify(measured, null, 2));
}
