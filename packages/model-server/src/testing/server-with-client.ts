import Anthropic from "@anthropic-ai/sdk";
import { Agent } from "undici";
import { type ModelServer, type ModelServerOptions, startModelServer } from "../model-server.ts";

/** A server and the real SDK pointed at it, both ended by `close`. */
export async function startWithClient(options: ModelServerOptions = {}) {
  const server = await startModelServer(options);
  const agent = new Agent({ connect: { ca: server.ca } });
  const client = clientFor(server, agent, "test-key");
  return {
    server,
    agent,
    client,
    withKey: (apiKey: string) => clientFor(server, agent, apiKey),
    /** A request as the SDK would never send it. */
    post: (body: string, headers: Readonly<Record<string, string>> = { "x-api-key": "test-key" }) =>
      fetch(`${server.url}/v1/messages`, { method: "POST", body, headers, ...withAgent(agent) }),
    async close() {
      await agent.destroy();
      await server.close();
    },
  };
}

function clientFor(server: ModelServer, agent: Agent, apiKey: string): Anthropic {
  return new Anthropic({
    apiKey,
    baseURL: server.url,
    maxRetries: 0,
    fetchOptions: withAgent(agent),
  });
}

function withAgent(agent: Agent): object {
  return { dispatcher: agent };
}
