import type { BlockType } from "@gantry/workflow";
import type { BlockExecutor } from "../block-executor.ts";
import { agentExecutor } from "./agent/agent.ts";
import { conditionExecutor } from "./condition.ts";
import { functionExecutor } from "./function.ts";
import { httpExecutor } from "./http.ts";
import { responseExecutor } from "./response.ts";
import { startExecutor } from "./start.ts";

/** Every type of block and who runs it. */
export const blockExecutors: { readonly [T in BlockType]: BlockExecutor<T> } = {
  start: startExecutor,
  agent: agentExecutor,
  function: functionExecutor,
  http: httpExecutor,
  condition: conditionExecutor,
  response: responseExecutor,
};
