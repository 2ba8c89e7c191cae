import type { IncomingHttpHeaders } from "node:http";
import { badRequest, bearerOf, type Wire } from "../wire.ts";
import { refuseBedrock } from "./bedrock-errors.ts";
import { converseStream, wholeConverse } from "./converse-answer.ts";
import { askOfConverse, converseProblem } from "./converse-ask.ts";
import { converseRequest } from "./converse-request.ts";

/**
 * Bedrock's Converse and ConverseStream: `POST /model/{modelId}/converse` and `/converse-stream`, the stream in AWS's
 * binary form, over HTTP/1.1. Answers every model id of the form `vendor.name` and every ARN: another one is invalid
 * (400), and one with `unknown` in it is not found (404), as the real service has both. A request is known by the
 * access key id of its signature, which is not verified, or by a Bedrock API key as `authorization: Bearer`.
 */
export function converseWire(target: { readonly modelId: string; readonly stream: boolean }): Wire {
  return {
    credentialOf: ({ headers }) => accessKeyIdOf(headers) ?? bearerOf(headers),
    read(body) {
      const parsed = converseRequest.safeParse(body);
      if (!parsed.success) return badRequest(parsed.error);
      const problem = modelProblem(target.modelId) ?? converseProblem(parsed.data);
      if (problem !== null) return { kind: "refused", refusal: { kind: "bad_request", message: problem } };
      if (target.modelId.includes("unknown")) {
        return { kind: "refused", refusal: { kind: "unknown_model", model: target.modelId } };
      }
      const ask = askOfConverse(parsed.data, target);
      return {
        kind: "call",
        call: {
          ask,
          whole: (answer, head) => wholeConverse(answer, head),
          stream: (answer, head) => converseStream(answer, head),
        },
      };
    },
    headers: (requestId) => ({ "x-amzn-requestid": requestId }),
    refuse: refuseBedrock,
  };
}

/**
 * Of `AWS4-HMAC-SHA256 Credential=<access key id>/<date>/<region>/bedrock/aws4_request, SignedHeaders=...,
 * Signature=...`.
 */
function accessKeyIdOf(headers: IncomingHttpHeaders): string | null {
  const signed =
    /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/[^/\s]+\/bedrock\/aws4_request, ?SignedHeaders=\S+, ?Signature=[0-9a-f]{64}$/;
  return signed.exec(headers.authorization ?? "")?.[1] ?? null;
}

function modelProblem(modelId: string): string | null {
  return /^(arn:aws|[a-z0-9-]+\.)/.test(modelId) ? null : "The provided model identifier is invalid.";
}
