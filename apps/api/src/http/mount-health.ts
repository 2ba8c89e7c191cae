import type { FastifyInstance } from "fastify";

export interface Readiness {
  readonly database: "ok" | "unreachable";
  readonly migrations: "current" | "pending" | "unknown";
}

/** `/healthz`: the process answers. `/readyz`: it can do its work. */
export function mountHealth(app: FastifyInstance, readiness: () => Promise<Readiness>): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const checks = await readiness();
    if (checks.database === "ok" && checks.migrations === "current") return { status: "ready" };
    return reply.status(503).send({ status: "not_ready", checks });
  });
}
