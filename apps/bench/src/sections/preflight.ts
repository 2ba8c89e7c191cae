import { figuresOf, inParallel } from "../measure/in-parallel.ts";
import { interleave, samplesOf } from "../measure/interleave.ts";
import { median, percentile } from "../measure/statistics.ts";
import type { Subject } from "../measure/subject.ts";
import { type Admission, type Ask, askOf, openAdmission } from "../stage/admission.ts";
import { chainOf } from "../stage/definition.ts";
import { hotConnections, type Stage, selectOne } from "../stage/stage.ts";
import { insertBenchTenants } from "../stage/tenants.ts";
import { atLeast, atMost, type Row, type Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

/** Preflight of an admitted run whose definition this process has compiled. */
export async function measurePreflight({ hot, general }: Stage, sizes: Sizes): Promise<Section> {
  const definitions = sizes.blocks.map(chainOf);
  const tenants = await insertBenchTenants(general.db, sizes.tenants, { definitions });
  await general.sql`VACUUM ANALYZE`;
  const admission = openAdmission(hot.sql, general.sql);
  const asks = sizes.blocks.map((_, workflow) => tenants.map((tenant) => askOf(tenant, workflow)));
  for (const ask of asks.flat()) await admission.admit(ask);
  await admission.release();

  const subjects = sizes.blocks.map((blocks, i) => admitting(admission.admit, nameOf(blocks), asks[i] ?? []));
  const onDisk = admitting(
    admission.admitOnDisk,
    `${nameOf(smallestOf(sizes.blocks))}, on disk`,
    asks[0] ?? [],
  );
  const unit = selectOne(hot.sql);
  const rows: Row[] = [
    ...(await atOneCaller([unit, ...subjects, onDisk], admission, sizes)),
    ...(await atCallers(sizes.callers, [unit, ...subjects, onDisk], admission, sizes)),
    ...(await oneHotPayer(unit, admission, asks[0]?.slice(0, 1) ?? [], sizes)),
  ];
  return {
    title: "PREFLIGHT",
    notes: [
      "timed: one call of preflight, from the request to the claim's answer: facts, gates, compiled definition",
      `(cached), claim. Five environment values; ${sizes.tenants} payers in turn; what was taken is given back untimed.`,
      "on disk: and the wait until the claim is there, which a run does before it calls anything outside.",
      `1x: p50 of \`select 1\`, prepared, over the same pool of ${hotConnections} connections, at the same number of callers.`,
      "as fast: as 10 blocks, within 5 %.",
    ],
    columns: [
      { title: "p50 ms", unit: "ms" },
      { title: "p95 ms", unit: "ms" },
      { title: "p99 ms", unit: "ms" },
      { title: "p50", unit: "times" },
      { title: "p95", unit: "times" },
      { title: "p99", unit: "times" },
      { title: "/s", unit: "perSecond" },
    ],
    rows,
  };
}

const nameOf = (blocks: number) => `${blocks} blocks`;
const smallestOf = (blocks: readonly number[]) => Math.min(...blocks);
/** Preflight by itself: what the targets are about. */
const isPlain = (name: string) => name.endsWith(" blocks");

function admitting(admit: (ask: Ask) => Promise<void>, name: string, asks: readonly Ask[]): Subject {
  let turn = 0;
  return {
    name,
    async run() {
      const ask = asks[turn % asks.length];
      turn += 1;
      if (ask === undefined) throw new Error("There is nobody to ask for.");
      await admit(ask);
    },
  };
}

function cellsOf(samples: readonly number[], unitMs: number, perSecond: number): (number | null)[] {
  const shares = [0.5, 0.95, 0.99].map((share) => percentile(samples, share));
  return [...shares, ...shares.map((ms) => ms / unitMs), perSecond];
}

async function atOneCaller(
  subjects: readonly Subject[],
  admission: Admission,
  { samples, warmUp }: Sizes,
): Promise<Row[]> {
  const between = () => admission.release();
  const measured = await interleave(subjects, { samples, warmUp, between, betweenEvery: 64 });
  const unitMs = median(samplesOf(measured, "select 1"));
  return subjects.map(({ name }) => {
    const own = samplesOf(measured, name);
    const mean = own.reduce((sum, ms) => sum + ms, 0) / own.length;
    const row = { name: `1 caller, ${name}`, cells: cellsOf(own, unitMs, 1_000 / mean) };
    return isPlain(name) ? { ...row, verdict: atMost(median(own) / unitMs, 6, "p50 ≤ 6x") } : row;
  });
}

async function atCallers(
  callers: readonly number[],
  subjects: readonly Subject[],
  admission: Admission,
  { rounds, callsPerRound, blocks }: Sizes,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const count of callers) {
    const between = () => admission.release();
    const measured = await inParallel(subjects, { callers: count, rounds, callsPerRound, between });
    const unitMs = median(figuresOf(measured, "select 1").samples);
    const smallest = figuresOf(measured, nameOf(smallestOf(blocks)));
    for (const { name } of subjects) {
      const { samples, perSecond } = figuresOf(measured, name);
      const row = { name: `${count} callers, ${name}`, cells: cellsOf(samples, unitMs, perSecond) };
      if (!isPlain(name)) rows.push(row);
      else if (perSecond !== smallest.perSecond) {
        rows.push({ ...row, verdict: atLeast(perSecond / smallest.perSecond, 0.95, "as fast") });
      } else {
        rows.push(count === 16 ? { ...row, verdict: atLeast(perSecond, 2_500, "≥ 2,500/s") } : row);
      }
    }
  }
  return rows;
}

/** Claims of one payer run one after the other: the worst that a single tenant can do to itself. */
async function oneHotPayer(
  unit: Subject,
  admission: Admission,
  asks: readonly Ask[],
  { rounds, callsPerRound }: Sizes,
): Promise<Row[]> {
  const callers = 16;
  const hot = admitting(admission.admit, "one payer", asks);
  const between = () => admission.release();
  // Fewer at once: the set of slots that each claim counts must stay as small as a tenant's is.
  const options = { callers, rounds: rounds * 2, callsPerRound: Math.min(callsPerRound, 128), between };
  const measured = await inParallel([unit, hot], options);
  const unitMs = median(figuresOf(measured, unit.name).samples);
  const { samples, perSecond } = figuresOf(measured, hot.name);
  return [{ name: `${callers} callers, one hot payer`, cells: cellsOf(samples, unitMs, perSecond) }];
}
