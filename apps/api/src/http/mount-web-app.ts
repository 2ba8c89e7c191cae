import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { errorBody, notFoundError } from "./public-error.ts";

/**
 * The web app's files, if it was built. Files under /assets carry a hash in their name, so they never change. Whatever
 * else a browser opens is a page of the app, and gets its index.
 */
export async function mountWebApp(app: FastifyInstance, root: string | null): Promise<void> {
  if (root !== null) {
    await app.register(fastifyStatic, {
      root,
      cacheControl: false,
      setHeaders: (response, path) => {
        const hashed = path.slice(root.length).replaceAll("\\", "/").startsWith("/assets/");
        response.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (root !== null && request.method === "GET" && isPage(request.url, request.headers.accept)) {
      return reply.header("cache-control", "no-cache").sendFile("index.html");
    }
    return reply.status(404).send(errorBody(notFoundError("There is nothing at this address.")));
  });
}

function isPage(url: string, accept: string | undefined): boolean {
  return !/^\/(api|trpc|assets)(\/|$)/.test(url) && (accept ?? "").includes("text/html");
}
