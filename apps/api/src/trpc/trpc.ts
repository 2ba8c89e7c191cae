import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import type { RequestContext } from "./context.ts";
import { formatFailure } from "./format-failure.ts";

const t = initTRPC.context<RequestContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => formatFailure(shape, error, ctx?.requestId ?? null),
  // A comment every 15 s keeps proxies from closing a stream whose run is busy thinking.
  sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
});

export const router = t.router;

/**
 * A browser sends the session cookie along with requests that other sites make. SameSite=Strict should prevent it, but
 * does not cover other subdomains of the same site, so what changes something must also come from our own origin.
 * Subscriptions count as changes: `execution.stream` is a GET, because EventSource knows nothing else, and starts a run.
 * Requests with an API key are not in danger: no browser adds one by itself.
 */
const sameOriginOnly = t.middleware(({ ctx, type, next }) => {
  if (type !== "query" && ctx.credential.kind === "session" && !ctx.sameOrigin) {
    throw new TRPCError({
      code: "FORBIDDEN",
      message: "A request with the session cookie must come from Gantry's own pages.",
    });
  }
  return next();
});

/** For everybody: who is asking, if anybody, is for the use case to judge. */
export const openProcedure = t.procedure.use(sameOriginOnly);

/** For people and keys that we know; `ctx.who` is theirs. */
export const procedure = openProcedure.use(async ({ ctx, next }) => {
  const who = await ctx.principal();
  if (who === null) {
    throw new TRPCError({
      code: "UNAUTHORIZED",
      message: "Sign in, or send a valid API key in the X-API-Key header.",
    });
  }
  return next({ ctx: { who } });
});

/** PostgreSQL cannot store the character NUL in a text. */
const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes("\0"), "must not contain the character NUL");

export const id = text(200).min(1);
export const name = text(100).trim().min(1);
/** Micro-dollars. */
export const micros = z.int().min(0);
export const longText = text;
