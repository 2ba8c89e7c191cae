import { openDatabase } from "@gantry/db";
import { startTcpProxy } from "@gantry/db/testing";
import { type RefusalCode, refusalCatalogue } from "@gantry/execution";
import { warmAdmission } from "@gantry/execution/admission";
import { interleave, samplesOf } from "../measure/interleave.ts";
import { median } from "../measure/statistics.ts";
import type { Subject } from "../measure/subject.ts";
import { type Admission, type Ask, askOf, openAdmission } from "../stage/admission.ts";
import { countStatements } from "../stage/count-statements.ts";
import { chainOf } from "../stage/definition.ts";
import { arrangements } from "../stage/refused-tenants.ts";
import { type Stage, selectOne } from "../stage/stage.ts";
import { insertBenchTenant } from "../stage/tenants.ts";
import { atMost, type Row, type Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

/** Every refusal of the catalogue against an admission of the same kind of tenant. */
export async function measureRefusals(stage: Stage, sizes: Sizes): Promise<Section> {
  const { hot, general } = stage;
  const admission = openAdmission(hot.sql, general.sql);
  const readOnly = openReadOnly(stage.url);
  const unavailable = openAdmission(readOnly.sql, general.sql);
  try {
    await warmAdmission(readOnly.sql, 1);
    const cases = await arrangeCases(stage);
    await general.sql`VACUUM ANALYZE`;
    const subjectOf = ({ code, ask }: Case, over: Admission): Subject => ({
      name: code ?? admitted,
      run: () => (code === null ? over.admit(ask) : over.beRefused(ask, code)),
    });
    const doors = (entry: Case) => (entry.code === "ADMISSION_UNAVAILABLE" ? unavailable : admission);
    const subjects = cases.map((entry) => subjectOf(entry, doors(entry)));
    const measured = await interleave([selectOne(hot.sql), ...subjects], {
      samples: Math.ceil(sizes.samples / 3),
      warmUp: sizes.warmUp,
      between: () => admission.release(),
      betweenEvery: 64,
    });
    const unitMs = median(samplesOf(measured, "select 1"));
    const admittedMs = median(samplesOf(measured, admitted));
    const rows: Row[] = [];
    for (const entry of cases) {
      const name = entry.code ?? admitted;
      const p50 = median(samplesOf(measured, name));
      const cost = await countCost(stage, entry);
      const row = { name, cells: [p50, p50 / unitMs, p50 / admittedMs, cost.statements, cost.roundTrips] };
      const verdict = atMost(p50 / admittedMs, 1, "cheaper");
      rows.push(entry.code === null ? row : { ...row, verdict });
    }
    return {
      title: "REFUSALS",
      notes: [
        "timed: preflight at one caller, as above. An organization pays, on the pro plan. A refusal is recorded after",
        "it was answered, in batches; that is not timed. UNAVAILABLE: the primary has become a read-only standby.",
      ],
      columns: [
        { title: "p50 ms", unit: "ms" },
        { title: "p50", unit: "times" },
        { title: "vs adm", unit: "times" },
        { title: "stmts", unit: "count" },
        { title: "trips", unit: "count" },
      ],
      rows,
    };
  } finally {
    await readOnly.close();
  }
}

const admitted = "admitted";

interface Case {
  /** Null for the admission. */
  readonly code: RefusalCode | null;
  readonly ask: Ask;
}

const isCode = (key: string): key is RefusalCode => key in refusalCatalogue;

/** A tenant of its own for the admission and for each code, in the order of the gates. */
async function arrangeCases({ general: { db } }: Stage): Promise<Case[]> {
  const cases: Case[] = [];
  for (const code of [null, ...Object.keys(refusalCatalogue).filter(isCode)]) {
    const tenant = await insertBenchTenant(db, { definitions: [chainOf(10)], payer: "organization" });
    if (code !== null && code !== "ADMISSION_UNAVAILABLE") await arrangements[code](db, tenant);
    cases.push({ code, ask: askOf(tenant) });
  }
  return cases;
}

/** What a server answers that has become a standby: facts can be read, claims cannot be written. */
function openReadOnly(url: string) {
  const readOnly = new URL(url);
  readOnly.searchParams.set("default_transaction_read_only", "on");
  return openDatabase({ url: readOnly.href, poolMax: 1, applicationName: "bench-read-only", hot: true });
}

/** Statements and round trips of one preflight over a warm connection, compiled version cached. */
async function countCost(
  { url, general }: Stage,
  { code, ask }: Case,
): Promise<{ statements: number; roundTrips: number }> {
  const target = new URL(url);
  await using proxy = await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
  target.port = String(proxy.port);
  const pool =
    code === "ADMISSION_UNAVAILABLE"
      ? openReadOnly(target.href)
      : openDatabase({ url: target.href, poolMax: 1, applicationName: "bench-counted", hot: true });
  try {
    await warmAdmission(pool.sql, 1);
    const counted = countStatements(pool.sql);
    const admission = openAdmission(counted.sql, general.sql);
    const once = () => (code === null ? admission.admit(ask) : admission.beRefused(ask, code));
    await once();
    const before = { statements: counted.statements(), roundTrips: proxy.roundTrips() };
    await once();
    await admission.release();
    return {
      statements: counted.statements() - before.statements,
      roundTrips: proxy.roundTrips() - before.roundTrips,
    };
  } finally {
    await pool.close();
  }
}
