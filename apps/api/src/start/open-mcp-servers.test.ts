import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadOperatorServers } from "./open-mcp-servers.ts";
import { OperatorError } from "./operator-error.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-mcp-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(content: unknown): Promise<string> {
  const file = join(folder, "servers.json");
  await writeFile(file, JSON.stringify(content));
  return file;
}

test("a file names processes and addresses; without one there is none", async () => {
  const file = await fileWith({
    search: { command: "search-mcp" },
    tickets: { url: "https://tickets.example/mcp", headers: { authorization: "Bearer 1" } },
  });
  expect(await loadOperatorServers(file)).toEqual({
    search: { command: "search-mcp", args: [], env: {} },
    tickets: { url: "https://tickets.example/mcp", headers: { authorization: "Bearer 1" } },
  });
  expect(await loadOperatorServers(null)).toEqual({});
});

test("everything that is wrong with a file is told in a sentence, by its place and without its values", async () => {
  const file = await fileWith({
    search: { command: "", env: { TOKEN: 1 } },
    tickets: { url: "ftp://hunter2.example", headers: { authorization: "hunter2" } },
    both: { command: "x", url: "https://x.example" },
    "not a name": { command: "x" },
  });
  const failure: unknown = await loadOperatorServers(file).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OperatorError);
  const said = String(failure);
  for (const place of [
    "MCP_SERVERS",
    "search: must be",
    "tickets.url: ",
    "both: must be",
    "not a name: must be named",
  ]) {
    expect(said).toContain(place);
  }
  expect(said).not.toContain("hunter2");
});
