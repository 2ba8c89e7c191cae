import type postgres from "postgres";
import type { Credential } from "../admission/facts.ts";

/** Who asks, for everything but starting a run: that learns it from the facts. */
export interface Principal {
  readonly userId: string;
  /** Null for a session. */
  readonly apiKeyId: string | null;
  /** The only workspace that an API key reaches; null for a session, which reaches all of its user's. */
  readonly workspaceId: string | null;
}

/** Null when the credential proves nothing. One statement; throws what the driver throws. */
export async function readPrincipal(sql: postgres.Sql, credential: Credential): Promise<Principal | null> {
  switch (credential.kind) {
    case "none":
      return null;
    case "api_key": {
      const rows = await sql<{ user_id: string; id: string; workspace_id: string }[]>`
        SELECT user_id, id, workspace_id FROM api_keys
         WHERE hash = ${credential.hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`;
      const key = rows[0];
      return key === undefined
        ? null
        : { userId: key.user_id, apiKeyId: key.id, workspaceId: key.workspace_id };
    }
    case "session": {
      const rows = await sql<{ user_id: string }[]>`
        SELECT user_id FROM sessions WHERE token = ${credential.token} AND expires_at > now()`;
      const session = rows[0];
      return session === undefined ? null : { userId: session.user_id, apiKeyId: null, workspaceId: null };
    }
  }
}
