import { STATUS_CODES } from "node:http";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { mountAuth } from "./http/mount-auth.ts";
import { mountHealth, type Readiness } from "./http/mount-health.ts";
import { mountTrpc, type TrpcMount } from "./http/mount-trpc.ts";
import { mountWebApp } from "./http/mount-web-app.ts";
import { errorBody, publicErrorOf, replyTo } from "./http/public-error.ts";
import { addSecurityHeaders } from "./http/security-headers.ts";
import { mountExecute } from "./rest/execute.ts";
import { mountGetRun } from "./rest/get-run.ts";
import { mountStripeWebhook } from "./stripe/mount-stripe-webhook.ts";

export interface ServerDeps extends TrpcMount {
  readonly authHandler: (request: Request) => Promise<Response>;
  readonly readiness: () => Promise<Readiness>;
  /** The built web app's folder; null when there is none to serve. */
  readonly webRoot: string | null;
  readonly logger: FastifyBaseLogger;
  readonly newId: () => string;
}

/** Everything that is served on the one port. The caller listens and closes. */
export async function createServer(deps: ServerDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger,
    // `logAnswers` does it.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: deps.newId,
    bodyLimit: 10_000_000,
    routerOptions: {
      // A batch of calls is one path.
      maxParamLength: 5_000,
    },
    // A stream's input travels in the address, because EventSource cannot post.
    http: { maxHeaderSize: 256_000 },
    // Whoever sends a request's 10 MB slower than this holds a connection for nothing.
    requestTimeout: 120_000,
    // An address that no route is looked up for.
    frameworkErrors: (thrown, request, reply) => {
      const error = publicErrorOf(thrown, request.id);
      void replyTo(reply, error).send(errorBody(error));
    },
  });
  addSecurityHeaders(app);
  logAnswers(app);
  app.setErrorHandler((thrown, request, reply) => {
    const error = publicErrorOf(thrown, request.id);
    if (error.status >= 500) request.log.error({ err: thrown }, "a request failed");
    return replyTo(reply, error).send(errorBody(error));
  });

  mountHealth(app, deps.readiness);
  await mountAuth(app, deps.authHandler);
  await mountTrpc(app, deps);
  await app.register(
    async (scope) => {
      mountExecute(scope, deps.deps.execution);
      mountGetRun(scope, deps.deps.execution, deps.readPrincipal);
    },
    { prefix: "/api/v2" },
  );
  await mountStripeWebhook(app, deps.deps.billing.stripe);
  await mountWebApp(app, deps.webRoot);
  return app;
}

/** One line for each answer. The address without its query: that of a tRPC call holds the caller's input. */
function logAnswers(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, url } = request;
    const [path] = url.split("?", 1);
    request.log.info(
      { method, path, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) },
      STATUS_CODES[reply.statusCode] ?? "answered",
    );
  });
}
