import type { AppRouter } from "@gantry/api";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

export type Workspace = Outputs["workspace"]["list"][number];
export type WorkflowSummary = Outputs["workflow"]["list"][number];
export type Workflow = Outputs["workflow"]["get"];
export type Deployment = Outputs["deployment"]["list"][number];
export type RunCosts = Outputs["deployment"]["costs"];
export type RunCost = RunCosts["versions"][number]["cost"];
export type ApiKey = Outputs["apiKey"]["list"][number];
export type ProviderKeys = Outputs["providerKey"]["list"];
export type ProviderKey = ProviderKeys["workspace"][number];
export type ProviderKeyOwner = Inputs["providerKey"]["add"]["owner"];
export type NewProviderKey = Inputs["providerKey"]["add"]["key"];
export type ProviderId = NewProviderKey["provider"];
export type EnvironmentValue = Outputs["environment"]["list"]["workspace"][number];
export type Usage = Outputs["usage"]["get"];
/** What the payer of a workspace has. */
export type Billing = NonNullable<Outputs["billing"]["get"]>;
export type RateView = NonNullable<Usage["rate"]>["sync"];
export type Explanation = Outputs["execution"]["explain"];
export type RunRecord = Outputs["execution"]["get"];
export type RunSummary = Outputs["execution"]["list"]["items"][number];

export type RunStatus = RunRecord["status"];
export type Decision = Explanation["decision"];
export type GateVerdict = Decision[number];
export type Numbers = GateVerdict["numbers"];
export type Timings = Explanation["timings"];
export type Refusal = NonNullable<Explanation["refusal"]>;
export type RunError = NonNullable<RunRecord["error"]>;
export type BlockError = NonNullable<RunRecord["spans"][number]["error"]>;

type Tracked =
  Outputs["execution"]["stream"] extends AsyncIterable<infer Item, unknown, unknown> ? Item : never;
/** What `execution.stream` sends, in the order of `seq`. */
export type StreamEvent = Tracked extends { data: infer Event }
  ? Event
  : Tracked extends readonly [unknown, infer Event, unknown]
    ? Event
    : never;

export type AdminAccount = Outputs["admin"]["accounts"]["items"][number];
export type AdminAccountDetail = Outputs["admin"]["account"];
export type AccountBan = AdminAccountDetail["bans"][number];
export type AccountMembers = NonNullable<AdminAccountDetail["members"]>;
export type PayerSlots = Outputs["admin"]["slots"]["items"][number];
export type Slot = PayerSlots["slots"][number];
export type ProvidersInUse = Outputs["admin"]["providers"];
export type ProviderKeyInUse = ProvidersInUse["keys"][number];
export type PayerShadow = Outputs["admin"]["shadowReport"]["items"][number];
export type AuditEntry = Outputs["admin"]["audit"]["items"][number];
export type AccountRef = Inputs["admin"]["account"]["account"];
