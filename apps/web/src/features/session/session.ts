import { queryOptions } from "@tanstack/react-query";
import { queryClient } from "../../api/client.ts";
import { authClient } from "./auth-client.ts";

export interface SignedInUser {
  readonly name: string;
  readonly email: string;
}

/** Who is signed in; null when nobody is. Throws when the server cannot say. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: 60_000,
  queryFn: async (): Promise<SignedInUser | null> => {
    const { data, error } = await authClient.getSession();
    if (error !== null) throw new Error("The session could not be read.", { cause: error });
    return data === null ? null : { name: data.user.name, email: data.user.email };
  },
});

/** Forgets everything that was loaded for whoever was signed in before. */
export function forgetSession(): void {
  queryClient.clear();
}
