import { z } from "zod";
import { planNames } from "./plans.ts";

const micros = z.int().min(0);
const bucket = z.strictObject({ perMinute: z.number().positive(), capacity: z.number().positive() });

const snapshot = z.strictObject({
  payerId: z.string().min(1),
  kind: z.enum(["user", "organization"]),
  plan: z.enum(planNames),
  /** Whether the plan is the payer's own, or that of an organization which the paying user belongs to. Null: free. */
  planSource: z.enum(["own", "organization"]).nullable(),
  /** Whose usage is counted beside the payer's, and capped where `memberLimitMicros` says so. */
  userId: z.string().min(1),
  period: z.strictObject({ start: z.iso.datetime(), startAt: z.int(), endAt: z.int() }),
  limits: z.strictObject({
    usageLimitMicros: micros.nullable(),
    sync: bucket.nullable(),
    async: bucket.nullable(),
    concurrentRunsMax: z.int().min(0).nullable(),
  }),
  memberLimitMicros: micros.nullable(),
});

/**
 * Who pays for a run, under which plan, in which period and within which limits: captured once, at admission. It travels
 * with the run, so that a pause, a queue, a child run or a tool is charged to whom the run was admitted for, whatever
 * has changed since. Money in micro-dollars, instants in Unix milliseconds.
 */
export type PayerSnapshot = Readonly<z.infer<typeof snapshot>>;

export type RestoredSnapshot =
  | { readonly ok: true; readonly snapshot: PayerSnapshot }
  /** What is stored is not a snapshot; `problems` name the fields. A run must not go on with it. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** JSON text, as it is kept with the run. */
export function storeSnapshot(payer: PayerSnapshot): string {
  return JSON.stringify(payer);
}

export function restoreSnapshot(text: string): RestoredSnapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problems: ["it is not JSON"] };
  }
  const parsed = snapshot.safeParse(value);
  if (parsed.success) return { ok: true, snapshot: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`),
  };
}
