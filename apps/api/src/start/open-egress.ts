import { createEgress, createGuard, type Egress, type Guard } from "@gantry/egress";
import { OperatorError } from "./operator-error.ts";

/** The only ways out for addresses that users name. */
export interface OpenedEgress {
  /** For http blocks. */
  readonly egress: Egress;
  /** For what is sent a key: provider endpoints and MCP servers. Plain http only to what the operator allows. */
  readonly endpoints: Guard;
}

/** Throws `OperatorError` where the list holds an entry that cannot be read. */
export function openEgress(allow: readonly string[]): OpenedEgress {
  try {
    return {
      egress: createEgress({ policy: { allow } }),
      endpoints: createGuard({ policy: { allow, requireHttps: true } }),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`EGRESS_ALLOW cannot be used: ${reason}`, { cause: error });
  }
}
