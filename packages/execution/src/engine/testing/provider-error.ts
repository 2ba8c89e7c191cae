import { ProviderError } from "@gantry/providers";

/** A failed model call, as a provider throws it. */
export function providerError(
  fields: Partial<ConstructorParameters<typeof ProviderError>[0]> = {},
): ProviderError {
  return new ProviderError({
    provider: "anthropic",
    code: "SERVER_ERROR",
    phase: "awaiting_response",
    message: "The call failed.",
    retryable: false,
    ...fields,
  });
}
