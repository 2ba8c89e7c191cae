import type { BlockError } from "../../api/types.ts";

export interface NextStep {
  readonly text: string;
  /** Where it is done. */
  readonly page: "environment" | null;
}

const environment: NextStep = {
  text: "Keys and values are kept in the workspace's environment.",
  page: "environment",
};

/** Where a code is not among them its message says all there is to say. */
const steps: Readonly<Partial<Record<BlockError["code"], NextStep>>> = {
  PROVIDER_KEY_MISSING: environment,
  PROVIDER_KEY_UNREADABLE: environment,
  ENVIRONMENT_VALUE_MISSING: environment,
  ENVIRONMENT_VALUE_UNREADABLE: environment,
  MODEL_UNPRICED: { text: "With a provider key of your own it needs no price.", page: "environment" },
  ADDRESS_REFUSED: {
    text: "Private addresses can be called only where the operator allows them.",
    page: null,
  },
};

/** What helps after a block failed for this reason; null where nothing is known to. */
export function nextStep({ code, retryable }: Pick<BlockError, "code" | "retryable">): NextStep | null {
  if (code === "PROVIDER_FAILED" && retryable) {
    return { text: "It may pass: the same run can succeed later.", page: null };
  }
  return steps[code] ?? null;
}
