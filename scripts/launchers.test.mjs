import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectedParents } from "./launchers.mjs";

const linesOf = (lines) => (pid) => {
  const line = lines[pid];
  return line === undefined ? null : { parent: line[0], argv: line[1] };
};

describe("the chain of launchers", () => {
  test("reaches from this process up to npx, through the shells between", () => {
    const read = linesOf({
      50: [40, ["node", "scripts/start.mjs"]],
      40: [30, ["sh", "-c", "node scripts/start.mjs"]],
      30: [20, ["pnpm", "start"]],
      20: [10, ["sh", "-c", "'pnpm' start"]],
      10: [5, ["npm exec pnpm@12 start"]],
      5: [1, ["bash"]],
    });
    expect(expectedParents(read, 50)).toEqual([
      { pid: 50, parent: 40 },
      { pid: 40, parent: 30 },
      { pid: 30, parent: 20 },
      { pid: 20, parent: 10 },
    ]);
  });

  test("does not hang on a shell that is nobody's launcher", () => {
    const read = linesOf({
      50: [40, ["node", "scripts/start.mjs"]],
      40: [1, ["sh", "-c", "node scripts/start.mjs &"]],
    });
    expect(expectedParents(read, 50)).toEqual([]);
  });

  test("is empty for a process that was started directly", () => {
    expect(expectedParents(linesOf({ 50: [7, ["node"]], 7: [1, ["systemd", "--user"]] }), 50)).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("the watch over the launchers", () => {
  test.each(["npx", "pnpm"])("notices that %s was killed, which can tell nobody", async (victim) => {
    const folder = mkdtempSync(join(tmpdir(), "gantry-launchers-"));
    const file = (name) => join(folder, name);
    const script = (name, text) =>
      writeFileSync(file(name), `#!/bin/sh\necho $$ > "${file(name)}.pid"\n${text}\n`, { mode: 0o755 });
    script("npx", "sh -c 'pnpm start; exit $?'; exit $?");
    script("pnpm", `"${process.execPath}" "${file("app.mjs")}"; exit $?`);
    writeFileSync(
      file("app.mjs"),
      `import { writeFileSync } from "node:fs";
       import { watchLaunchers } from ${JSON.stringify(new URL("launchers.mjs", import.meta.url).href)};
       watchLaunchers(() => { writeFileSync(${JSON.stringify(file("noticed"))}, ""); process.exit(0); }, 20);
       writeFileSync(${JSON.stringify(file("watching"))}, "");
       setTimeout(() => process.exit(1), 20_000);`,
    );
    const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    const outermost = spawn(file("npx"), { env, stdio: "ignore" });
    await expect.poll(() => existsSync(file("watching")), { timeout: 15_000 }).toBe(true);
    process.kill(Number(readFileSync(file(`${victim}.pid`), "utf8")), "SIGKILL");
    await expect.poll(() => existsSync(file("noticed")), { timeout: 10_000 }).toBe(true);
    outermost.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
});
