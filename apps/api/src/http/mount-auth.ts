import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { clientAddressHeader } from "../auth.ts";
import type { Readiness } from "./mount-health.ts";
import { type PublicError, publicErrorOf, replyTo, storeUnavailable } from "./public-error.ts";

/** Everything under /api/auth is better-auth's, which speaks the web's Request and Response. */
export async function mountAuth(
  app: FastifyInstance,
  handler: (request: Request) => Promise<Response>,
): Promise<void> {
  await app.register(
    async (scope) => {
      // In the shape that better-auth's client reads.
      scope.setErrorHandler((thrown, request, reply) => {
        const error = publicErrorOf(thrown, request.id);
        if (error.status >= 500) request.log.error({ err: thrown }, "an account request failed");
        return answer(reply, error);
      });
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
        done(null, body);
      });
      scope.route({
        method: ["GET", "POST"],
        url: "/*",
        handler: async (request, reply) => {
          const response = await handler(webRequest(request));
          if (mayHideOutage(request, response) && !(await storeAnswers(app))) {
            return answer(reply, storeUnavailable);
          }
          return reply.send(response);
        },
      });
    },
    { prefix: "/api/auth" },
  );
}

function answer(reply: FastifyReply, error: PublicError): FastifyReply {
  return replyTo(reply, error).send({ code: error.code, message: error.message });
}

/**
 * better-auth 1.7 catches some of its database's failures and answers in their place: 500 when a session cannot be read
 * or revoked, 401 when that session was only a precondition, 422 when a person cannot be stored, and 200 from a
 * sign-out that ended nothing. The cause is lost by then, so the store itself is asked.
 */
function mayHideOutage(request: FastifyRequest, { status }: Response): boolean {
  if (status === 401) return request.headers.cookie !== undefined;
  return status >= 500 || status === 422 || request.url.startsWith("/api/auth/sign-out");
}

async function storeAnswers(app: FastifyInstance): Promise<boolean> {
  const { payload } = await app.inject("/readyz");
  const { checks }: { checks?: Readiness } = JSON.parse(payload);
  return checks?.database !== "unreachable";
}

function webRequest(request: FastifyRequest): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  // Set here and nowhere else: what a client sends under this name is overwritten.
  headers.set(clientAddressHeader, request.ip);
  const body = typeof request.body === "string" ? request.body : null;
  return new Request(`${request.protocol}://${request.host}${request.url}`, {
    method: request.method,
    headers,
    body,
  });
}
