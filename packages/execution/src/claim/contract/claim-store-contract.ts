import type { TestDatabase } from "@gantry/db/testing";
import { afterAll, beforeAll, describe } from "vitest";
import type { ClaimStore } from "../port.ts";
import { claimGuarantees } from "./claim-guarantees.ts";
import { leaseGuarantees } from "./lease-guarantees.ts";
import { moneyGuarantees } from "./money-guarantees.ts";
import { raceGuarantees } from "./race-guarantees.ts";

/** A claim store with nothing in it. */
export interface OpenClaimStore extends AsyncDisposable {
  /** Where its runs, ledger and counters are written. */
  readonly database: TestDatabase;
  readonly claims: ClaimStore;
  /** The same store, as another process has it. */
  readonly elsewhere: ClaimStore;
}

/** The store under test; to be called inside of a test. */
export type StoreUnderTest = () => OpenClaimStore;

/** What every claim store guarantees. Each test has payers of its own in the one store that `open` opens. */
export function claimStoreContract(name: string, open: () => Promise<OpenClaimStore>): void {
  describe(`claims on ${name}`, () => {
    let opened: OpenClaimStore | null = null;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    const store: StoreUnderTest = () => {
      if (opened === null) throw new Error("The store was not opened.");
      return opened;
    };
    claimGuarantees(store);
    moneyGuarantees(store);
    raceGuarantees(store);
    leaseGuarantees(store);
  });
}
