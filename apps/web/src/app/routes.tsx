import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queryClient, trpc } from "../api/client.ts";
import type { RunFilter } from "../features/runs/runs-page.tsx";
import { sessionQuery } from "../features/session/session.ts";
import { runStatuses } from "../ui/status-badge.tsx";
import { accountParams, accountSearch, subjectSearch, textSearch } from "./admin-search.ts";
import { AdminShell } from "./admin-shell.tsx";
import { firstWorkspace, rememberWorkspace } from "./first-workspace.ts";
import { NoWorkspacePage } from "./no-workspace-page.tsx";
import { NotFoundPage } from "./not-found-page.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

export interface AuthSearch {
  /** A path of this app to go to afterwards. */
  readonly redirect?: string | undefined;
}

/** Only a path of this origin: a link to the sign-in page must not lead elsewhere. */
function authSearch(search: Record<string, unknown>): AuthSearch {
  const { redirect: to } = search;
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? { redirect: to } : {};
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: authSearch,
  component: lazyRouteComponent(() => import("./auth-routes.tsx"), "SignInRoute"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: authSearch,
  component: lazyRouteComponent(() => import("./auth-routes.tsx"), "SignUpRoute"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ location }) => {
    const user = await queryClient.ensureQueryData(sessionQuery);
    if (user === null) throw redirect({ to: "/sign-in", search: { redirect: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  beforeLoad: async () => {
    const first = firstWorkspace(await queryClient.ensureQueryData(trpc.workspace.list.queryOptions()));
    if (first !== undefined)
      throw redirect({ to: "/w/$workspaceId/workflows", params: { workspaceId: first.id } });
  },
  component: NoWorkspacePage,
});

const workspace = createRoute({
  getParentRoute: () => signedIn,
  path: "/w/$workspaceId",
  beforeLoad: ({ params }) => rememberWorkspace(params.workspaceId),
  component: function WorkspaceRoute() {
    return <Shell workspaceId={workspace.useParams().workspaceId} />;
  },
});

const pages = () => import("./page-routes.tsx");

const workflows = createRoute({
  getParentRoute: () => workspace,
  path: "workflows",
  component: lazyRouteComponent(pages, "WorkflowsRoute"),
});

const workflow = createRoute({
  getParentRoute: () => workspace,
  path: "workflows/$workflowId",
  component: lazyRouteComponent(() => import("./workflow-routes.tsx"), "RunTabRoute"),
});

const workflowEdit = createRoute({
  getParentRoute: () => workspace,
  path: "workflows/$workflowId/edit",
  component: lazyRouteComponent(() => import("./edit-route.tsx"), "EditTabRoute"),
});

const workflowVersions = createRoute({
  getParentRoute: () => workspace,
  path: "workflows/$workflowId/versions",
  component: lazyRouteComponent(() => import("./workflow-routes.tsx"), "VersionsTabRoute"),
});

function runFilter(search: Record<string, unknown>): RunFilter {
  const status = runStatuses.find((known) => known === search["status"]);
  const { workflow: workflowId } = search;
  return {
    ...(status === undefined ? {} : { status }),
    ...(typeof workflowId === "string" ? { workflow: workflowId } : {}),
  };
}

const runs = createRoute({
  getParentRoute: () => workspace,
  path: "runs",
  validateSearch: runFilter,
  component: lazyRouteComponent(pages, "RunsRoute"),
});

const run = createRoute({
  getParentRoute: () => workspace,
  path: "runs/$runId",
  component: lazyRouteComponent(() => import("./workflow-routes.tsx"), "RunRoute"),
});

const usage = createRoute({
  getParentRoute: () => workspace,
  path: "usage",
  component: lazyRouteComponent(pages, "UsageRoute"),
});

const keys = createRoute({
  getParentRoute: () => workspace,
  path: "keys",
  component: lazyRouteComponent(pages, "KeysRoute"),
});

const environment = createRoute({
  getParentRoute: () => workspace,
  path: "environment",
  component: lazyRouteComponent(pages, "EnvironmentRoute"),
});

const admin = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin",
  // For everybody else there is no such page.
  beforeLoad: async () => {
    const { isAdmin } = await queryClient.ensureQueryData(trpc.session.me.queryOptions());
    if (!isAdmin) throw notFound();
  },
  component: AdminShell,
});

const adminPages = () => import("./admin-routes.tsx");

const adminHome = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/users" });
  },
});

const adminUsers = createRoute({
  getParentRoute: () => admin,
  path: "users",
  validateSearch: textSearch,
  component: lazyRouteComponent(adminPages, "UsersRoute"),
});

const adminPayers = createRoute({
  getParentRoute: () => admin,
  path: "payers",
  validateSearch: textSearch,
  component: lazyRouteComponent(adminPages, "PayersRoute"),
});

const adminAccount = createRoute({
  getParentRoute: () => admin,
  path: "accounts/$kind/$id",
  params: accountParams,
  component: lazyRouteComponent(adminPages, "AccountRoute"),
});

const adminSlots = createRoute({
  getParentRoute: () => admin,
  path: "slots",
  validateSearch: accountSearch,
  component: lazyRouteComponent(adminPages, "SlotsRoute"),
});

const adminProviders = createRoute({
  getParentRoute: () => admin,
  path: "providers",
  component: lazyRouteComponent(adminPages, "ProvidersRoute"),
});

const adminShadow = createRoute({
  getParentRoute: () => admin,
  path: "shadow",
  component: lazyRouteComponent(adminPages, "ShadowRoute"),
});

const adminAudit = createRoute({
  getParentRoute: () => admin,
  path: "audit",
  validateSearch: subjectSearch,
  component: lazyRouteComponent(adminPages, "AuditRoute"),
});

export const routeTree = root.addChildren([
  signIn,
  signUp,
  signedIn.addChildren([
    home,
    workspace.addChildren([
      workflows,
      workflow,
      workflowEdit,
      workflowVersions,
      runs,
      run,
      usage,
      keys,
      environment,
    ]),
    admin.addChildren([
      adminHome,
      adminUsers,
      adminPayers,
      adminAccount,
      adminSlots,
      adminProviders,
      adminShadow,
      adminAudit,
    ]),
  ]),
]);
