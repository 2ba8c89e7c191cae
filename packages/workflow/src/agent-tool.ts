import { z } from "zod";
import { httpRequest, jsonValue, requestHeaders, sandboxedCode, template } from "./fields.ts";

/** How the model calls a tool and what it is told of it; sent as it is, without templates. */
const offered = {
  /** Unique among the tools of its block. */
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "a letter, then up to 63 letters, digits, '-' or '_'"),
  description: z.string().min(1).max(2_000),
  /** A JSON schema of type object. */
  parameters: z.record(z.string(), jsonValue),
};

/** The code of a function block; the call's arguments are its `inputs`. */
const functionTool = z.strictObject({ type: z.literal("function"), ...offered, ...sandboxedCode });

/** A request; the call's arguments go into the query for GET, HEAD and DELETE, and are the JSON body otherwise. */
const httpTool = z.strictObject({ type: z.literal("http"), ...offered, ...httpRequest });

/** The active version of another workflow of the same workspace, inside this run; the call's arguments are its input. */
const workflowTool = z.strictObject({
  type: z.literal("workflow"),
  ...offered,
  workflowId: z.uuid("the id of a workflow"),
});

/** Every tool of a server of the Model Context Protocol, or those that `only` names. */
const mcpTool = z.strictObject({
  type: z.literal("mcp"),
  server: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("http"), url: template.min(1), headers: requestHeaders }),
    /** One that the operator of the installation set up. */
    z.strictObject({ kind: z.literal("operator"), name: z.string().min(1).max(64) }),
  ]),
  only: z.array(z.string().min(1).max(128)).min(1).max(100).optional(),
});

export const agentTool = z.discriminatedUnion("type", [functionTool, httpTool, workflowTool, mcpTool]);

export type AgentTool = z.infer<typeof agentTool>;
