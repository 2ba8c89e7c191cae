import type { ModelCharge } from "../../engine/events.ts";
import type { ClaimPayer, ClaimRequest } from "../port.ts";
import type { Chance } from "./chance.ts";
import type { Model } from "./model/model.ts";
import type { SimulatedPayer } from "./payer.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

/** A run as the process that started it knows it. */
export interface Run {
  readonly request: ClaimRequest;
  /** All calls it has made, also those whose charge was not written. */
  readonly calls: ModelCharge[];
  /** A call cost more than the run held. */
  isOverspent: boolean;
}

/** A history in progress: what is true, what is believed, and what may happen next. */
export interface Simulation {
  readonly store: SimulatedStore;
  readonly model: Model;
  readonly payers: readonly SimulatedPayer[];
  readonly chance: Chance;
  readonly holders: readonly string[];
  newRunId(): string;
  /** Admitted, and not seen to its end by its process. */
  readonly running: Map<string, Run>;
  /** Claims whose answers nobody waits for any more, on their way to the store. */
  readonly late: ClaimRequest[];
  /** Whoever gave a claim up gives it back until that was found to be there. */
  readonly givenUp: Map<string, ClaimRequest>;
  /** The last claims of any kind, and the last runs that ended or were lost. */
  readonly recent: ClaimRequest[];
  readonly over: Run[];
  /** Keeps what was answered, so that a history that proved little is found out. */
  note(outcome: string): void;
}

/** What a step may have done to what is in use. */
export interface Effect {
  /** By whose limits more was granted. Only a grant may make anything grow. */
  readonly granted?: ClaimPayer & { readonly concurrentRunsMax: number | null };
  /** Charged beyond what the run held. */
  readonly overspent?: { readonly by: ClaimPayer; readonly micros: number };
  /** It must have changed nothing at all. */
  readonly isRefusal?: true;
  /** Nothing else happens before so much time has passed. */
  readonly thenTicks?: number;
}

export const nothing: Effect = {};
export const refused: Effect = { isRefusal: true };

const remembered = 20;

/** Keeps the last few. */
export function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > remembered) list.shift();
}
