import { planNames } from "@gantry/billing";
import {
  banAccount,
  freeSlot,
  getAccount,
  isAdmin,
  liftBan,
  listAccounts,
  listAudit,
  listSlots,
  setLimits,
  setMemberCap,
  setPlan,
  setShadowLimits,
  shadowReport,
  unblockPayer,
} from "@gantry/operations";
import { z } from "zod";
import { id, longText, micros, procedure, router } from "../trpc/trpc.ts";
import { adminRefusal } from "./admin-refusal.ts";

const kind = z.enum(["user", "organization"]);
const account = z.strictObject({ kind, id });
const ofAccount = z.strictObject({ account });
/** A billion dollars. */
const amount = micros.max(1_000_000_000_000_000);
const count = z.int().min(1).max(1_000_000);
/** Unix milliseconds, to the end of the year 9999. */
const instant = z.int().min(0).max(253_402_300_799_999);
const page = { cursor: id.nullish(), limit: z.int().min(1).max(100).default(25) };

/** For admins of the installation; every use case judges that itself, together with what it does. */
export const adminRouter = router({
  accounts: procedure
    .input(z.strictObject({ kind: kind.optional(), search: longText(320).trim().optional(), ...page }))
    .query(async ({ ctx, input }) => {
      const result = await listAccounts(ctx.deps.operations, ctx.who, {
        kind: input.kind ?? null,
        search: input.search || null,
        cursor: input.cursor ?? null,
        limit: input.limit,
      });
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return { items: result.items, nextCursor: result.nextCursor };
    }),

  account: procedure.input(ofAccount).query(async ({ ctx, input }) => {
    const result = await getAccount(ctx.deps.operations, ctx.who, input.account);
    if (result.kind !== "ok") throw adminRefusal(result.kind);
    return result.account;
  }),

  ban: procedure
    .input(ofAccount.extend({ reason: longText(500).trim().min(1), endsAt: instant.nullable() }))
    .mutation(async ({ ctx, input }) => {
      const result = await banAccount(ctx.deps.operations, ctx.who, input);
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return {};
    }),

  liftBan: procedure.input(ofAccount).mutation(async ({ ctx, input }) => {
    const result = await liftBan(ctx.deps.operations, ctx.who, input.account);
    if (result.kind !== "ok") throw adminRefusal(result.kind);
    return {};
  }),

  setPlan: procedure
    .input(
      ofAccount.extend({
        plan: z.enum(planNames),
        seats: count.default(1),
        usageLimitMicros: amount.nullable(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await setPlan(ctx.deps.operations, ctx.who, input);
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return {};
    }),

  setLimits: procedure
    .input(
      ofAccount.extend({
        overrides: z.strictObject({
          usageLimitMicros: amount.nullable(),
          syncRunsPerMinute: count.nullable(),
          asyncRunsPerMinute: count.nullable(),
          concurrentRunsMax: count.nullable(),
        }),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await setLimits(ctx.deps.operations, ctx.who, input);
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return {};
    }),

  setShadowLimits: procedure
    .input(
      ofAccount.extend({
        shadowLimits: z.strictObject({
          usageLimitMicros: amount.nullable(),
          runsPerMinute: count.nullable(),
          concurrentRunsMax: count.nullable(),
        }),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await setShadowLimits(ctx.deps.operations, ctx.who, input);
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return {};
    }),

  setMemberCap: procedure
    .input(z.strictObject({ organizationId: id, userId: id, capMicros: amount.nullable() }))
    .mutation(async ({ ctx, input }) => {
      const result = await setMemberCap(ctx.deps.operations, ctx.who, input);
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return {};
    }),

  unblockPayer: procedure.input(ofAccount).mutation(async ({ ctx, input }) => {
    const result = await unblockPayer(ctx.deps.operations, ctx.who, input.account);
    if (result.kind !== "ok") throw adminRefusal(result.kind);
    return {};
  }),

  slots: procedure
    .input(z.strictObject({ account: account.optional(), ...page }))
    .query(async ({ ctx, input }) => {
      const { account: of = null, cursor = null, limit } = input;
      const result = await listSlots(ctx.deps.operations, ctx.who, { account: of, cursor, limit });
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return { items: result.items, nextCursor: result.nextCursor };
    }),

  freeSlot: procedure.input(z.strictObject({ runId: id })).mutation(async ({ ctx, input }) => {
    const result = await freeSlot(ctx.deps.operations, ctx.who, input.runId);
    switch (result.kind) {
      case "freed":
      case "already_ended":
        return { outcome: result.kind };
      case "no_slot":
      case "forbidden":
        throw adminRefusal(result.kind);
    }
  }),

  /** Of the process that answers, since it started. */
  refusalRecords: procedure.query(async ({ ctx }) => {
    if (!(await isAdmin(ctx.deps.operations, ctx.who))) throw adminRefusal("forbidden");
    return ctx.deps.execution.stats().refusals;
  }),

  /** Of the process that answers: which provider keys it uses now, by fingerprint, and what it holds open. */
  providers: procedure.query(async ({ ctx }) => {
    if (!(await isAdmin(ctx.deps.operations, ctx.who))) throw adminRefusal("forbidden");
    const { holder, inspectProviders } = ctx.deps.process;
    return { holder, ...inspectProviders() };
  }),

  shadowReport: procedure.input(z.strictObject(page)).query(async ({ ctx, input }) => {
    const { cursor = null, limit } = input;
    const result = await shadowReport(ctx.deps.operations, ctx.who, { cursor, limit });
    if (result.kind !== "ok") throw adminRefusal(result.kind);
    return { days: result.days, items: result.items, nextCursor: result.nextCursor };
  }),

  audit: procedure
    .input(z.strictObject({ subjectId: id.optional(), ...page }))
    .query(async ({ ctx, input }) => {
      const { subjectId = null, cursor = null, limit } = input;
      const result = await listAudit(ctx.deps.operations, ctx.who, { subjectId, cursor, limit });
      if (result.kind !== "ok") throw adminRefusal(result.kind);
      return { items: result.items, nextCursor: result.nextCursor };
    }),
});
