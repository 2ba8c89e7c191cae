import type { SandboxFailure, SandboxResult } from "@gantry/sandbox";
import { type BlockOutcome, failed } from "../block-executor.ts";
import type { BlockErrorCode } from "../events.ts";

const codes: Readonly<Record<SandboxFailure, BlockErrorCode>> = {
  TIMED_OUT: "CODE_TIMED_OUT",
  OUT_OF_MEMORY: "CODE_LIMIT_EXCEEDED",
  RESULT_TOO_LARGE: "CODE_LIMIT_EXCEEDED",
  THREW: "CODE_THREW",
  SYNTAX_ERROR: "CODE_THREW",
  ABORTED: "CANCELLED",
};

export function sandboxFailure(result: Extract<SandboxResult, { ok: false }>, where = ""): BlockOutcome {
  return failed(codes[result.failure], `${where}${result.message}`);
}
