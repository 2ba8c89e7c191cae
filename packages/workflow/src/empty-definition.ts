import type { WorkflowDefinition } from "./definition.ts";

/** What a new workflow's draft begins as: a start block that leads to a response, which answers with the input. */
export function emptyDefinition(): WorkflowDefinition {
  return {
    schemaVersion: 1,
    blocks: [
      { id: "start", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
      { id: "response", name: "Response", type: "response", position: { x: 320, y: 0 }, output: "<Start>" },
    ],
    edges: [{ id: "start-response", source: "start", sourceHandle: "out", target: "response" }],
    variables: [],
  };
}
