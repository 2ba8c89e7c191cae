import type { ExecutionLog } from "@gantry/execution";
import type { FastifyBaseLogger } from "fastify";

export function executionLog(logger: FastifyBaseLogger): ExecutionLog {
  return {
    admissionUnavailable: (err, runId) =>
      logger.error({ err, runId }, "a run could not be judged; it was refused"),
    settlementDelayed: (err, runId) =>
      logger.error({ err, runId }, "a run could not be settled yet; trying again"),
    internalError: (err, runId) => logger.error({ err, runId }, "a run met an error of our own"),
    leaseError: (err) => logger.error({ err }, "the heartbeat of leases failed"),
    runsLost: (runIds) => logger.warn({ runIds }, "runs of a process that is gone were ended as lost"),
    refusalsNotWritten: (err) => logger.error({ err }, "refused runs could not be recorded yet"),
  };
}
