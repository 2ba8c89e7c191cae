import type { Client } from "@modelcontextprotocol/sdk/client/index.js";

/** An initialized client, and what it takes to end its use. */
export interface Connection {
  readonly client: Client;
  /** What an error of the client is due to, as far as its connection knows better. */
  reasonOf(error: unknown): unknown;
  /** Never rejects. */
  close(): Promise<void>;
}
