import type { Plan } from "@gantry/workflow";
import { LRUCache } from "lru-cache";

/**
 * Every cache of the service. There is no other: bans, subscriptions, usage, permissions, provider keys and environment
 * values are read fresh from the primary for every run.
 */
export const cacheBounds = {
  /**
   * By version id, which never changes what it means, so age is only there to let go of what is not used. Its
   * heap was measured at 9.4 bytes for each character of a definition of 10 blocks, and 5.6 of one of 200.
   */
  compiledVersions: { entriesMax: 500, bytesMax: 128 * 1024 * 1024, ageMaxMs: 5 * 60_000 },
  /** By provider and a keyed hash of everything that varies a client. Renewed by use; closed once drained. */
  providerClients: { entriesMax: 1_000, idleMaxMs: 30 * 60_000 },
  /**
   * By owner and provider, the id of the key that was used last. No fact, and so no exception: keys are read for every
   * run, and to lose an entry only begins the turn again. About 200 bytes each.
   */
  keyRotation: { entriesMax: 10_000 },
} as const;

const planBytesPerCharacter = 10;

export interface CompiledVersion {
  readonly versionId: string;
  readonly workflowId: string;
  readonly plan: Plan;
  /** Characters of the definition's text. */
  readonly size: number;
}

/** The compiled versions of this process, found by version id or, for the facts statement, by workflow. */
export interface CompiledVersions {
  /** The version of the workflow that was compiled last and is still here. Hold on to it: it may leave any moment. */
  latestOf(workflowId: string): CompiledVersion | null;
  get(versionId: string): CompiledVersion | null;
  put(version: CompiledVersion): void;
  readonly size: number;
}

export function createCompiledVersions(
  now: () => number,
  bounds: { entriesMax: number; bytesMax: number; ageMaxMs: number } = cacheBounds.compiledVersions,
): CompiledVersions {
  const latest = new Map<string, string>();
  const versions = new LRUCache<string, CompiledVersion>({
    max: bounds.entriesMax,
    maxSize: bounds.bytesMax,
    sizeCalculation: (version) => Math.max(1, version.size * planBytesPerCharacter),
    ttl: bounds.ageMaxMs,
    // Never older than this, however often it is used.
    updateAgeOnGet: false,
    // The clock is read on every look-up; it is an argument here and costs nothing to read.
    ttlResolution: 0,
    perf: { now },
    dispose: (version) => {
      if (latest.get(version.workflowId) === version.versionId) latest.delete(version.workflowId);
    },
  });
  return {
    latestOf(workflowId) {
      const versionId = latest.get(workflowId);
      return versionId === undefined ? null : (versions.get(versionId) ?? null);
    },
    get: (versionId) => versions.get(versionId) ?? null,
    put(version) {
      versions.set(version.versionId, version);
      if (versions.has(version.versionId)) latest.set(version.workflowId, version.versionId);
    },
    get size() {
      return versions.size;
    },
  };
}
