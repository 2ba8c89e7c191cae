import type { Credential, Principal } from "@gantry/execution";
import type { TRPCError } from "@trpc/server";
import { type CreateFastifyContextOptions, fastifyTRPCPlugin } from "@trpc/server/adapters/fastify";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type AppRouter, appRouter } from "../routers/root.ts";
import type { ProcedureDeps, RequestContext } from "../trpc/context.ts";
import { isStoreOutage } from "../trpc/format-failure.ts";
import { noDetails } from "../trpc/public-failure.ts";
import { type CookieTrust, credentialOf } from "./credential.ts";
import { publicErrorOf, replyTo, storeUnavailable } from "./public-error.ts";
import { fromOwnPages } from "./same-origin.ts";

export interface TrpcMount {
  readonly deps: ProcedureDeps;
  readonly cookie: CookieTrust;
  readonly publicUrl: string | null;
  readonly readPrincipal: (credential: Credential) => Promise<Principal | null>;
}

/** Everything under /trpc. */
export async function mountTrpc(app: FastifyInstance, mount: TrpcMount): Promise<void> {
  await app.register(
    async (scope) => {
      // What fails before tRPC sees it, such as a body that is too large, answers in tRPC's shape too.
      scope.setErrorHandler((thrown, request, reply) => {
        const error = publicErrorOf(thrown, request.id);
        if (error.status >= 500) request.log.error({ err: thrown }, "a tRPC request failed");
        const code = codeOfStatus[error.status] ?? (error.status >= 500 ? internal : "BAD_REQUEST");
        const data = { code, httpStatus: error.status, ...noDetails };
        return replyTo(reply, error).send({
          error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[code], data },
        });
      });
      await scope.register(fastifyTRPCPlugin<AppRouter>, {
        trpcOptions: {
          router: appRouter,
          maxBatchSize: 50,
          // A query whose input is too long for an address may be posted. It stays a query.
          allowMethodOverride: true,
          createContext: ({ req }: CreateFastifyContextOptions) => contextOf(req, mount),
          responseMeta: ({ errors }) =>
            errors.some(isStoreOutage)
              ? { headers: { "retry-after": String(storeUnavailable.retryAfterSeconds) } }
              : {},
          onError({ error, path, req }: ProcedureError) {
            if (error.code === internal)
              req.log.error({ err: error.cause ?? error, path }, "a procedure failed");
          },
        },
      });
    },
    { prefix: "/trpc" },
  );
}

const internal = "INTERNAL_SERVER_ERROR";

const codeOfStatus: Readonly<Record<number, TRPCError["code"]>> = {
  413: "PAYLOAD_TOO_LARGE",
  503: "SERVICE_UNAVAILABLE",
};

interface ProcedureError {
  readonly error: TRPCError;
  readonly path: string | undefined;
  readonly req: FastifyRequest;
}

function contextOf(request: FastifyRequest, mount: TrpcMount): RequestContext {
  const credential = credentialOf(request, mount.cookie);
  let principal: Promise<Principal | null> | null = null;
  return {
    deps: mount.deps,
    credential,
    sameOrigin: fromOwnPages((name) => request.headers[name], mount.publicUrl),
    principal: () => {
      principal ??= mount.readPrincipal(credential);
      return principal;
    },
    requestId: request.id,
  };
}
