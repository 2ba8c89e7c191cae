import { DrizzleQueryError } from "drizzle-orm";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { errorForLog, loggerOptions } from "./logger.ts";

function logged(value: Record<string, unknown>): string {
  const lines: string[] = [];
  const logger = pino(loggerOptions("info"), { write: (line: string) => void lines.push(line) });
  logger.info(value, "said");
  return lines.join("");
}

describe("the log", () => {
  test("a failed statement is told without its parameters, in message, stack and causes", () => {
    const failed = new DrizzleQueryError(
      'insert into "sessions" ("token") values ($1)',
      ["secret-token\nsecret-rest"],
      new Error("duplicate key"),
    );
    const line = logged({ err: new Error("signing in failed", { cause: failed }) });
    expect(line).toContain("insert into");
    expect(line).toContain("duplicate key");
    expect(line).not.toContain("secret");
  });

  test("an error that is its own cause, or no error at all, does not take the log down", () => {
    expect(errorForLog("a text")).toEqual({ type: "string", message: "a text" });
    const circular = new Error("round and round");
    circular.cause = circular;
    expect(errorForLog(circular).message).toBe("round and round");
  });

  test.each(["x-api-key", "cookie", "set-cookie", "authorization"])(
    "the header %s is never written",
    (name) => {
      const headers = { [name]: "secret", accept: "text/html" };
      const line = logged({ headers, req: { headers } });
      expect(line).not.toContain("secret");
      expect(line).toContain("text/html");
    },
  );
});
