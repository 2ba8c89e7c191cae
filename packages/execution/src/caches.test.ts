import { echoDefinition } from "@gantry/db/testing";
import { compile } from "@gantry/workflow";
import { expect, test } from "vitest";
import { type CompiledVersion, createCompiledVersions } from "./caches.ts";

const compiled = compile(echoDefinition);
if (!compiled.ok) throw new Error("The echo definition does not compile.");
const { plan } = compiled;

const version = (versionId: string, workflowId = "workflow", size = 100): CompiledVersion => ({
  versionId,
  workflowId,
  plan,
  size,
});

function cache(bounds: Partial<{ entriesMax: number; bytesMax: number; ageMaxMs: number }> = {}) {
  const clock = { now: 1_000 };
  const versions = createCompiledVersions(() => clock.now, {
    entriesMax: 3,
    bytesMax: 1_000_000,
    ageMaxMs: 300_000,
    ...bounds,
  });
  return { versions, clock };
}

test("a version leaves five minutes after it was compiled, however often it was used", () => {
  const { versions, clock } = cache();
  versions.put(version("v1"));
  for (let minute = 1; minute <= 4; minute += 1) {
    clock.now += 60_000;
    expect(versions.get("v1")?.plan).toBe(plan);
    expect(versions.latestOf("workflow")?.versionId).toBe("v1");
  }
  clock.now += 60_001;
  expect(versions.get("v1")).toBeNull();
  expect(versions.latestOf("workflow")).toBeNull();
});

test("beyond its entries the least recently used version leaves, and is the latest of nothing", () => {
  const { versions } = cache();
  for (const id of ["a", "b", "c"]) versions.put(version(id, `workflow-${id}`));
  versions.get("a");
  versions.put(version("d", "workflow-d"));
  expect(versions.get("b")).toBeNull();
  expect(versions.latestOf("workflow-b")).toBeNull();
  expect(versions.latestOf("workflow-a")?.versionId).toBe("a");
  expect(versions.size).toBe(3);
});

test("beyond its bytes versions leave too, and one that is larger than all of them is not kept", () => {
  const { versions } = cache({ bytesMax: 10_000 });
  versions.put(version("a", "workflow-a", 600));
  versions.put(version("b", "workflow-b", 600));
  expect(versions.get("a")).toBeNull();
  versions.put(version("huge", "workflow-huge", 5_000));
  expect(versions.latestOf("workflow-huge")).toBeNull();
  expect(versions.get("b")).not.toBeNull();
});

test("the version that was compiled last is the workflow's latest; that an older one leaves does not change it", () => {
  const { versions } = cache({ entriesMax: 2 });
  versions.put(version("v1"));
  versions.put(version("v2"));
  versions.put(version("other", "elsewhere"));
  expect(versions.get("v1")).toBeNull();
  expect(versions.latestOf("workflow")?.versionId).toBe("v2");
});
