import type { BillingConfig } from "@gantry/billing";
import type postgres from "postgres";

/** What the use cases of this package reach. Each names the ones that it takes. */
export interface OperationsDeps {
  readonly sql: postgres.Sql;
  readonly billing: BillingConfig;
  /** Unique, and growing with time: UUIDv7. */
  readonly newId: () => string;
}

/** Who asks. The same shape as the one that execution reads from a credential. */
export interface Principal {
  readonly userId: string;
  /** Null for a session. */
  readonly apiKeyId: string | null;
  readonly workspaceId: string | null;
}

/** An admin of the installation; or whoever has its command line, and with that its database. */
export type Actor = Principal | "operator";

/** Not an admin, or an API key: one that leaked must not be able to do what an admin can. */
export type Forbidden = { readonly kind: "forbidden" };

/** A user or an organization: who can be suspended, and who pays. */
export interface Account {
  readonly kind: "user" | "organization";
  readonly id: string;
}
