import { type AddressInfo, createServer } from "node:net";
import type { FastifyInstance } from "fastify";
import { OperatorError } from "./operator-error.ts";

/** Asked first, so that a second start does not do all its work in vain. */
export async function refuseBusyPort(host: string, port: number): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => reject(explained(error, host, port)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** The address under which it is reached. */
export async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw explained(error, host, port);
  }
  return urlOf(host, portOf(server.server.address()));
}

export function urlOf(host: string, port: number): string {
  const reached = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reached.includes(":") ? `[${reached}]` : reached}:${port}`;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no TCP address.");
  return address.port;
}

function explained(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "EADDRINUSE":
      return new OperatorError(
        `Port ${port} on ${host} is in use: stop what listens there, or choose another port with PORT.`,
        { cause: error },
      );
    case "EACCES":
      return new OperatorError(
        `Port ${port} may not be used by this user: choose one above 1023 with PORT.`,
        {
          cause: error,
        },
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new OperatorError(`${host} is not an address of this machine: check HOST.`, { cause: error });
    default:
      return error;
  }
}
