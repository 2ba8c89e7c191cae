import { z } from "zod";
import { workflowDefinition } from "./definition.ts";

/** The definition as JSON schema (draft 2020-12), for documentation and for editors of other make. */
export function definitionJsonSchema(): object {
  return z.toJSONSchema(workflowDefinition, { io: "input" });
}
