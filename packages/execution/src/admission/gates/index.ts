import { banGate } from "./ban.ts";
import { deploymentGate } from "./deployment.ts";
import type { Gate } from "./gate.ts";
import { payerGate } from "./payer.ts";
import { permissionGate } from "./permission.ts";
import { principalGate } from "./principal.ts";
import { usageGate } from "./usage.ts";
import { workflowGate } from "./workflow.ts";

/** The gates that the facts decide, in the order in which they answer. The claim decides the rest. */
export const factGates: readonly Gate[] = [
  principalGate,
  workflowGate,
  permissionGate,
  deploymentGate,
  banGate,
  payerGate,
  usageGate,
];
