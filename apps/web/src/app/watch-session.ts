import { queryClient } from "../api/client.ts";
import { readFailure } from "../api/failure.ts";
import { sessionQuery } from "../features/session/session.ts";
import { router } from "./router.tsx";

/** When a call says that nobody is signed in any more, the next page is the sign-in page, and then back here. */
export function watchSession(): void {
  const signIn = (error: unknown) => {
    const { pathname, href } = router.state.location;
    if (readFailure(error).status !== 401 || pathname.startsWith("/sign-")) return;
    queryClient.setQueryData(sessionQuery.queryKey, null);
    void router.navigate({ to: "/sign-in", search: { redirect: href } });
  };
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error") signIn(event.action.error);
  });
  queryClient.getMutationCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error") signIn(event.action.error);
  });
}
