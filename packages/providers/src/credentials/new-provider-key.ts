import { z } from "zod";
import type { ProviderId } from "../port.ts";
import {
  apiKey,
  apiVersion,
  awsAccessKeyId,
  awsSecret,
  awsSessionToken,
  baseUrl,
  betas,
  ownServerKey,
  region,
} from "./key-fields.ts";

const keyOf = <Provider extends ProviderId>(provider: Provider) =>
  z.strictObject({ provider: z.literal(provider), apiKey });

/**
 * What a user may store to call a provider with. Nobody but the operator may name an endpoint for Bedrock, or let calls
 * be made as whoever the process is.
 */
export const newProviderKey = z.discriminatedUnion(
  "provider",
  [
    keyOf("anthropic").extend({ betas: betas.exactOptional() }),
    keyOf("azure-anthropic").extend({
      baseUrl,
      apiVersion: apiVersion.exactOptional(),
      betas: betas.exactOptional(),
    }),
    z.strictObject({
      provider: z.literal("bedrock"),
      region,
      accessKeyId: awsAccessKeyId,
      secretAccessKey: awsSecret,
      sessionToken: awsSessionToken.exactOptional(),
    }),
    /** `apiKey` null: the server asks for none. */
    z.strictObject({ provider: z.literal("vllm"), apiKey: ownServerKey.nullable(), baseUrl }),
    /** With `baseUrl` any server that speaks OpenAI's chat completions. */
    keyOf("openai").extend({ apiKey: ownServerKey, baseUrl: baseUrl.exactOptional() }),
    keyOf("groq"),
    keyOf("cerebras"),
    keyOf("google"),
  ],
  "The provider is not one that can be called",
);

export type NewProviderKey = z.infer<typeof newProviderKey>;
