import { insertTenant, insertUser, type TestDatabase } from "@gantry/db/testing";
import { payByOrganization } from "../../testing/failing-gates.ts";

/** Somebody whose runs a simulation starts, with the limits that hold now. Money in micro-dollars; null: no limit. */
export interface SimulatedPayer {
  readonly payerId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly isOrganization: boolean;
  /** One for a person, several for an organization. */
  readonly userIds: readonly string[];
  periodStart: string;
  /** Of its buckets. Null: none of its runs takes from one. */
  capacity: number | null;
  /** How many tokens come back to a bucket in a tick. */
  tokensPerTick: number;
  concurrentRunsMax: number | null;
  limitMicros: number | null;
  readonly memberLimitMicros: Map<string, number>;
}

export type FirstLimits = Pick<
  SimulatedPayer,
  "capacity" | "tokensPerTick" | "concurrentRunsMax" | "limitMicros"
> & {
  /** Of the first members of the first organization. */
  readonly capsMicros: readonly number[];
};

/** The same people in two organizations, of which one has no limit of money; and one of them pays for themselves. */
export async function insertPayers(database: TestDatabase, limits: FirstLimits): Promise<SimulatedPayer[]> {
  const { capsMicros, ...own } = limits;
  const members = [
    await insertUser(database.db),
    await insertUser(database.db),
    await insertUser(database.db),
  ];
  const userIds = members.map((member) => member.id);
  const organization = await payByOrganization(database, await insertTenant(database.db));
  const other = await payByOrganization(database, await insertTenant(database.db));
  const person = await insertTenant(database.db);
  return [
    { tenant: organization, isOrganization: true, userIds, caps: capsMicros },
    { tenant: other, isOrganization: true, userIds, caps: [], limitMicros: null },
    { tenant: person, isOrganization: false, userIds: userIds.slice(0, 1), caps: [] },
  ].map(({ tenant, isOrganization, userIds, caps, limitMicros = own.limitMicros }) => ({
    ...own,
    limitMicros,
    periodStart: "2026-01-01T00:00:00.000Z",
    payerId: tenant.payerId,
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    isOrganization,
    userIds,
    memberLimitMicros: new Map(caps.map((cap, index) => [userIds[index] ?? "", cap])),
  }));
}
