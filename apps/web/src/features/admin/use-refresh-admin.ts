import { useQueryClient } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";

/** After a change: everything that admins see is asked for again, the audit log included. */
export function useRefreshAdmin(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: trpc.admin.pathKey() });
}
