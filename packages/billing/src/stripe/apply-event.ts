import type postgres from "postgres";
import type { Stripe } from "stripe";
import { lockPayer, type PayerOwner } from "../lock-payer.ts";
import { type CustomerState, readCustomerState } from "./customer-state.ts";
import { subjectOf } from "./event-subject.ts";
import { payerOwnerOf } from "./payer-owner.ts";
import type { StripePrices } from "./prices.ts";
import { writeCustomerState } from "./write-customer-state.ts";

export interface ApplyDeps {
  readonly sql: postgres.Sql;
  readonly stripe: Stripe;
  readonly prices: StripePrices;
  readonly newId: () => string;
}

export type EventOutcome =
  | "applied"
  /** It had been applied or recorded before. */
  | "duplicate"
  /** Recorded: of a kind that changes nothing here, or about a customer that pays for nothing here. */
  | "not_ours"
  /** Others kept changing this payer: not recorded, to be sent again. */
  | "contended";

/** One of those who compete for a payer gets through in each round. */
const roundsMax = 8;

/**
 * Makes the payer that an event is about what Stripe says it is now, and records the event, in one transaction.
 *
 * Order, repetition and simultaneity do not matter. Stripe is read after the event came, so after what the event tells
 * of; and what was read is written only if nobody has written this payer since before the reading began, otherwise
 * Stripe is read again. So what is written is never older than what it replaces, and the last event leaves Stripe's last
 * state. No lock and no connection is held while Stripe is asked. Throws what Stripe's SDK and the driver throw.
 */
export async function applyEvent(deps: ApplyDeps, event: Stripe.Event): Promise<EventOutcome> {
  const { sql, stripe, prices } = deps;
  if (await isRecorded(sql, event.id)) return "duplicate";
  const subject = await subjectOf(stripe, event);
  if (subject === null) return recordUnused(sql, event);
  for (let round = 0; round < roundsMax; round += 1) {
    const payer = await readPayer(sql, subject.customerId);
    if (payer === null) return recordUnused(sql, event);
    const state = await readCustomerState(stripe, prices, subject.customerId, subject.disputeId);
    const outcome = await writeUnlessRaced(deps, event, payer, state);
    if (outcome !== "raced") return outcome;
  }
  return "contended";
}

interface SeenPayer {
  readonly owner: PayerOwner;
  /** Another one after every change of the row. */
  readonly version: string;
}

/** Null: no payer has this customer, or its owner was deleted and nobody is left to have a plan. */
async function readPayer(sql: postgres.Sql, customerId: string): Promise<SeenPayer | null> {
  const [row] = await sql<{ user_id: string | null; organization_id: string | null; version: string }[]>`
    SELECT user_id, organization_id, xmin::text AS version FROM payers WHERE stripe_customer_id = ${customerId}`;
  const owner = row === undefined ? null : payerOwnerOf(row);
  return row === undefined || owner === null ? null : { owner, version: row.version };
}

function writeUnlessRaced(
  { sql, newId }: ApplyDeps,
  event: Stripe.Event,
  { owner, version }: SeenPayer,
  state: CustomerState,
): Promise<"applied" | "duplicate" | "raced"> {
  return sql.begin(async (tx) => {
    const payerId = await lockPayer(tx, owner, newId());
    const unchanged = await tx`SELECT 1 FROM payers WHERE id = ${payerId} AND xmin::text = ${version}`;
    if (unchanged.length === 0) return "raced";
    if (!(await record(tx, event))) return "duplicate";
    await writeCustomerState(tx, payerId, owner, state, newId);
    return "applied";
  });
}

async function isRecorded(sql: postgres.Sql, eventId: string): Promise<boolean> {
  const found = await sql`SELECT 1 FROM stripe_events WHERE id = ${eventId}`;
  return found.length > 0;
}

async function recordUnused(sql: postgres.Sql, event: Stripe.Event): Promise<"not_ours" | "duplicate"> {
  return (await record(sql, event)) ? "not_ours" : "duplicate";
}

/** False: it was there. */
async function record(sql: postgres.ISql, { id, type }: Stripe.Event): Promise<boolean> {
  const inserted = await sql`
    INSERT INTO stripe_events (id, type) VALUES (${id}, ${type}) ON CONFLICT DO NOTHING RETURNING id`;
  return inserted.length > 0;
}
