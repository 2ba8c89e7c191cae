import type { AppRouter } from "@gantry/api";
import { QueryClient } from "@tanstack/react-query";
import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from "@trpc/client";
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { readFailure } from "./failure.ts";

/** 4xx answers are final; a second try is for what may have been the network or a restart. */
function mayRetry(failureCount: number, error: unknown): boolean {
  const { status } = readFailure(error);
  return failureCount < 2 && (status === null || status >= 500);
}

/**
 * Queries and subscriptions carry their input in the address, which the server takes up to 256 kB of, cookies and all.
 * Characters, after encoding.
 */
export const addressMax = 200_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: mayRetry },
    mutations: { retry: false },
  },
});

export const client: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: httpSubscriptionLink({ url: "/trpc" }),
      false: httpBatchLink({ url: "/trpc", maxURLLength: addressMax }),
    }),
  ],
});

export const trpc: TRPCOptionsProxy<AppRouter> = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
