import type { TestDatabase } from "@gantry/db/testing";
import type { ClaimRequest, ClaimStore } from "../../port.ts";
import type { Chance } from "../chance.ts";
import type { State } from "../state.ts";
import type { Death } from "./dying-sql.ts";

/** A claim store with nothing in it, and what a simulation needs to see all of it and to turn its clock. */
export interface SimulatedStore extends AsyncDisposable {
  /** Where runs, ledger and counters are. */
  readonly database: TestDatabase;
  /** Claims are judged elsewhere than runs are recorded: a process may die when only one of the two knows. */
  readonly hasTwoParts: boolean;
  /** The same store, as several processes have it. */
  readonly processes: readonly ClaimStore[];
  /** As a process has it that is far away or starved. */
  slow(chance: Chance): ClaimStore;
  /** As a process has it that dies during its next call. A claim it survives, for as long as the answer. */
  dying(death: Death): ClaimStore;
  /** Waits until nothing that this claim has set going is under way. */
  atRest(request: ClaimRequest): Promise<void>;
  /** One snapshot of each part; of two parts first what claims are judged by. */
  readState(payerIds: readonly string[]): Promise<State>;
  /** Lets the clock go on for everybody. */
  passTicks(ticks: number): Promise<void>;
  /** Lets the lease of one run end. */
  expire(request: ClaimRequest): Promise<void>;
}
