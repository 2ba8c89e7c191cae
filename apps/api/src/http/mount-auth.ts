import type { FastifyInstance, FastifyRequest } from "fastify";
import { clientAddressHeader } from "../auth.ts";
import { publicErrorOf } from "./public-error.ts";

/** Everything under /api/auth is better-auth's, which speaks the web's Request and Response. */
export async function mountAuth(
  app: FastifyInstance,
  handler: (request: Request) => Promise<Response>,
): Promise<void> {
  await app.register(
    async (scope) => {
      // In the shape that better-auth's client reads.
      scope.setErrorHandler((thrown, request, reply) => {
        const { status, code, message } = publicErrorOf(thrown, request.id);
        if (status >= 500) request.log.error({ err: thrown }, "an account request failed");
        return reply.status(status).send({ code, message });
      });
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
        done(null, body);
      });
      scope.route({
        method: ["GET", "POST"],
        url: "/*",
        handler: async (request, reply) => reply.send(await handler(webRequest(request))),
      });
    },
    { prefix: "/api/auth" },
  );
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
