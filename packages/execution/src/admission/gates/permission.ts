import type { PermissionLevel } from "../facts.ts";
import { type Gate, pass } from "./gate.ts";

/** Who may start and cancel runs. */
export const mayRun: Readonly<Record<PermissionLevel, boolean>> = { admin: true, write: true, read: false };

export const permissionGate: Gate = {
  name: "permission",
  judge: ({ facts }) => {
    const level = facts.permission;
    if (level === null || !mayRun[level]) {
      return { verdict: "refuse", code: "FORBIDDEN", numbers: { level, needed: "write" } };
    }
    return pass({ level });
  },
};
