import { describe, expect, test } from "vitest";
import { Teardown } from "./teardown.ts";

describe("teardown", () => {
  test("closes what was opened last first, all of it although a step fails, and only once", async () => {
    const closed: string[] = [];
    const teardown = new Teardown();
    teardown.add(async () => void closed.push("database"));
    teardown.add(async () => {
      closed.push("runtime");
      throw new Error("would not close");
    });
    teardown.add(async () => void closed.push("server"));
    await expect(teardown.run()).rejects.toThrow(AggregateError);
    await expect(teardown.run()).rejects.toThrow(AggregateError);
    expect(closed).toEqual(["server", "runtime", "database"]);
  });
});
