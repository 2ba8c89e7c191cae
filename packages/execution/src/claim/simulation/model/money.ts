import type { ClaimRequest } from "../../port.ts";
import { memberKey, periodKey, type State } from "../state.ts";

type Owner = Pick<ClaimRequest, "payerId" | "userId" | "periodStart">;

export interface SettledMoney {
  readonly settledMicros: number;
  readonly memberSettledMicros: number;
}

/** The ledger, its sums, and how much of them whoever judges claims has heard of. */
export interface Money {
  /** Writes an entry, unless it is there; answers with what is charged by it. */
  charge(request: ClaimRequest, key: string, micros: number): number;
  isCharged(key: string): boolean;
  settled(of: Owner): SettledMoney;
  heard(of: Owner): SettledMoney;
  /** Never unheard again: within a period what is settled only grows. */
  hear(of: Owner, money: SettledMoney): void;
  state(): Pick<State, "settled" | "ledger" | "memberSettled" | "memberLedger" | "heard" | "memberHeard">;
}

export function createMoney(): Money {
  const keys = new Set<string>();
  const settled = new Map<string, number>();
  const memberSettled = new Map<string, number>();
  const heard = new Map<string, number>();
  const memberHeard = new Map<string, number>();

  function add(to: Map<string, number>, key: string, micros: number): void {
    if (micros > 0) to.set(key, (to.get(key) ?? 0) + micros);
  }

  function raise(to: Map<string, number>, key: string, micros: number): void {
    if (micros > (to.get(key) ?? 0)) to.set(key, micros);
  }

  return {
    charge(request, key, micros) {
      if (keys.has(key)) return 0;
      keys.add(key);
      add(settled, periodKey(request), micros);
      if (request.countsForMember) add(memberSettled, memberKey(request), micros);
      return micros;
    },
    isCharged: (key) => keys.has(key),
    settled: (of) => ({
      settledMicros: settled.get(periodKey(of)) ?? 0,
      memberSettledMicros: memberSettled.get(memberKey(of)) ?? 0,
    }),
    heard: (of) => ({
      settledMicros: heard.get(periodKey(of)) ?? 0,
      memberSettledMicros: memberHeard.get(memberKey(of)) ?? 0,
    }),
    hear(of, money) {
      raise(heard, periodKey(of), money.settledMicros);
      raise(memberHeard, memberKey(of), money.memberSettledMicros);
    },
    state: () => ({
      settled: Object.fromEntries(settled),
      // The ledger is the truth, and the counters are its sums.
      ledger: Object.fromEntries(settled),
      memberSettled: Object.fromEntries(memberSettled),
      memberLedger: Object.fromEntries(memberSettled),
      heard: Object.fromEntries(heard),
      memberHeard: Object.fromEntries(memberHeard),
    }),
  };
}
