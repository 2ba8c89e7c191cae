import { bearerOf, headerOf, type Refusal, type Wire, type WrittenRefusal } from "../wire.ts";
import { refuseMessages } from "./messages-errors.ts";
import { readMessages } from "./messages-wire.ts";

/**
 * Anthropic's models on Azure: the Messages wire at `POST /anthropic/v1/messages`, with an optional `api-version` in
 * the query. The key comes as `api-key` or `x-api-key`, an Entra token as `authorization: Bearer`. What Azure's
 * gateway refuses before the model hears of it, a key or a deployment's name, has the gateway's own shape: `{ error:
 * { code, message } }`.
 */
export const azureWire: Wire = {
  credentialOf: ({ headers }) =>
    headerOf(headers, "api-key") ?? headerOf(headers, "x-api-key") ?? bearerOf(headers),
  read: readMessages,
  headers: (requestId) => ({ "request-id": requestId, "apim-request-id": requestId }),
  refuse: refuseAzure,
};

function refuseAzure(refusal: Refusal, requestId: string): WrittenRefusal {
  const { kind } = refusal;
  if (kind === "no_key" || kind === "bad_key")
    return gatewayError(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.");
  if (kind === "unknown_model")
    return gatewayError(404, "DeploymentNotFound", "The API deployment for this resource does not exist.");
  return refuseMessages(refusal, requestId);
}

function gatewayError(status: number, code: string, message: string): WrittenRefusal {
  return { status, headers: {}, body: { error: { code, message } } };
}
