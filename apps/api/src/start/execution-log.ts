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
    accountError: (err, runId) =>
      logger.error({ err, runId }, "a run's hold could not be topped up, or a model call not be charged yet"),
    observationsNotWritten: (err) =>
      logger.warn({ err }, "what was observed of durations or shadow limits could not be written"),
    refusalsNotWritten: (err) => logger.error({ err }, "refused runs could not be recorded yet"),
  };
}
