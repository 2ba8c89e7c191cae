import type postgres from "postgres";
import type { SealedProviderKey } from "../admission/facts.ts";
import { within } from "../admission/within.ts";

/** The provider keys that a run may use, as they are when a model is called: a run may outlive the keys that it began with. */
export interface RunKeys {
  of(run: KeyedRun): () => Promise<readonly SealedProviderKey[]>;
}

export interface KeyedRun {
  readonly runId: string;
  readonly workspaceId: string;
  /** Those that the run's facts have read just now. */
  readonly known: readonly SealedProviderKey[];
}

export interface RunKeysDeps {
  readonly sql: postgres.Sql;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly storeTimeoutMs: number;
  /** Told why keys could not be read again. The run goes on with those that it has. */
  readonly onError: (error: unknown, runId: string) => void;
}

/** So long what the facts have read is what holds: the first call of a run costs no round trip of its own. */
const freshMs = 1_000;

export function createRunKeys({ sql, now, storeTimeoutMs, onError }: RunKeysDeps): RunKeys {
  return {
    of({ runId, workspaceId, known }) {
      const readAt = now();
      let keys = known;
      return async () => {
        if (now() - readAt < freshMs) return known;
        try {
          keys = await within(storeTimeoutMs, readKeys(sql, workspaceId), "the provider keys");
        } catch (error) {
          onError(error, runId);
        }
        return keys;
      };
    },
  };
}

async function readKeys(sql: postgres.Sql, workspaceId: string): Promise<SealedProviderKey[]> {
  return await sql.unsafe<SealedProviderKey[]>(keysSql, [workspaceId], { prepare: true });
}

const keysSql = /* sql */ `
SELECT k.id, k.provider, k.sealed, k.owner_id AS "ownerId"
  FROM workspaces ws
  LEFT JOIN payers py ON py.id = ws.payer_id
  JOIN provider_keys k ON k.owner_id = ANY (ARRAY[ws.id, py.organization_id]) AND k.revoked_at IS NULL
 WHERE ws.id = $1`;
