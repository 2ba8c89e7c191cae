import { type Logger, pino } from "pino";
import type { LogLevel } from "./env.ts";

/** JSON lines on standard output. */
export function createLogger(level: LogLevel): Logger {
  return pino(loggerOptions(level));
}

/** Nobody logs a request's headers; should somebody begin to, what opens doors stays out. */
export function loggerOptions(level: LogLevel) {
  const doors = ["x-api-key", "cookie", "set-cookie", "authorization"];
  const paths = doors.flatMap((name) => ["", "*.", "*.*."].map((prefix) => `${prefix}["${name}"]`));
  return {
    level,
    redact: paths.map((path) => path.replace(".[", "[")),
    serializers: { err: (error: unknown) => errorForLog(error) },
  };
}

/** An error may be its own cause. */
const causesMax = 5;

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** Of an error, what helps to find its cause. Not the parameters of a statement: they hold tokens and addresses. */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  return {
    type: error.name,
    message: withoutParameters(error.message),
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    ...(error.stack === undefined ? {} : { stack: withoutParameters(error.stack) }),
    ...(error.cause === undefined || depth >= causesMax
      ? {}
      : { cause: errorForLog(error.cause, depth + 1) }),
  };
}

/** Drizzle writes them into its message. */
function withoutParameters(text: string): string {
  return text.replace(/\nparams: [\s\S]*?(?=\n\s+at |$)/, "");
}
