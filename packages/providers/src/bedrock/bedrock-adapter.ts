import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  ConverseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";
import { type Adapter, InvalidRequest } from "../adapter.ts";
import { isRegion } from "../credentials/region.ts";
import type { AwsIdentity, CredentialOf } from "../port.ts";
import type { Transport } from "../transport.ts";
import { assertEventStream } from "./assert-event-stream.ts";
import { readAwsFailure } from "./aws-failures.ts";
import { converseEvents } from "./converse-events.ts";
import { converseRequest } from "./converse-request.ts";
import { transportHandler } from "./transport-handler.ts";

/** The models of Amazon Bedrock through ConverseStream of the AWS SDK. */
export const bedrockAdapter: Adapter<"bedrock"> = {
  provider: "bedrock",
  name: "Amazon Bedrock",
  identityOf: ({ region, baseUrl, identity }) => [region, baseUrl ?? null, ...identityParts(identity)],
  createClient(credential, transport) {
    const { region } = credential;
    // A region becomes a part of the host that signed requests are sent to.
    const sdk = isRegion(region) ? sdkClient(credential, transport) : null;
    return {
      async *stream(request, signal) {
        if (sdk === null) throw new InvalidRequest(`The key's region, '${region}', is none of AWS.`);
        const command = new ConverseStreamCommand(converseRequest(request));
        // The SDK's reader does not end the response when its own reader goes.
        const call = new AbortController();
        const abort = () => call.abort(signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        if (signal.aborted) abort();
        try {
          const { stream = none() } = await sdk.send(command, { abortSignal: call.signal });
          yield* converseEvents(stream);
        } finally {
          signal.removeEventListener("abort", abort);
          call.abort();
        }
      },
    };
  },
  readFailure: readAwsFailure,
};

function identityParts(identity: AwsIdentity): readonly (string | null)[] {
  if (identity.kind === "default_chain") return ["default_chain"];
  return ["keys", identity.accessKeyId, identity.secretAccessKey, identity.sessionToken ?? null];
}

function sdkClient(credential: CredentialOf<"bedrock">, transport: Transport): BedrockRuntimeClient {
  const sdk = new BedrockRuntimeClient(clientConfig(credential, transport));
  sdk.middlewareStack.add(
    (next) => async (args) => {
      const output = await next(args);
      assertEventStream(output.response);
      return output;
    },
    // Between the handler and the SDK's own reading of the response.
    { step: "deserialize", priority: "low" },
  );
  return sdk;
}

/** Whatever is left out here, the SDK looks up in the environment and in the files of AWS's command line. */
function clientConfig(
  { region, baseUrl, identity }: CredentialOf<"bedrock">,
  transport: Transport,
): BedrockRuntimeClientConfig {
  return {
    region,
    ...(baseUrl === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint: baseUrl }),
    ...(identity.kind === "default_chain" ? {} : ownKeys(identity)),
    requestHandler: transportHandler(transport),
    maxAttempts: 1,
    retryMode: "standard",
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: () => Promise.resolve(undefined),
  };
}

function ownKeys({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: Extract<AwsIdentity, { kind: "keys" }>): BedrockRuntimeClientConfig {
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    // Else a bearer token in the environment would be sent in place of these keys.
    authSchemePreference: ["sigv4"],
  };
}

async function* none(): AsyncGenerator<never, void, undefined> {}
