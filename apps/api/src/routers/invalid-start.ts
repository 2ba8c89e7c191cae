import type { InvalidStart } from "@gantry/execution";
import type { TRPCError } from "@trpc/server";
import { badInput } from "../trpc/failures.ts";

/** The input or the draft is wrong. Nothing was spent on it. */
export function invalidStart(outcome: InvalidStart): TRPCError {
  return badInput(invalidStartSentence[outcome.kind], outcome.problems);
}

export const invalidStartSentence: Readonly<Record<InvalidStart["kind"], string>> = {
  invalid_input: "The input does not fit this workflow.",
  invalid_definition: "The workflow has problems, so it cannot run.",
};
