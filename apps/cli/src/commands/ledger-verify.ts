import { type CounterDifference, type LedgerVerification, verifyLedger } from "@gantry/billing";
import type { Database } from "@gantry/db";
import { dollars } from "../dollars.ts";

/** Answers with the exit code: 1 when the ledger and a counter differ. */
export async function ledgerVerify(sql: Database["sql"], print: (line: string) => void): Promise<0 | 1> {
  const verification = await verifyLedger(sql);
  for (const line of verificationLines(verification)) print(line);
  return verification.differences.length === 0 ? 0 : 1;
}

function verificationLines({ entries, counters, differences }: LedgerVerification): string[] {
  if (differences.length === 0) {
    return [`The ledger and all counters agree: ${entries} entries, ${counters} counters.`];
  }
  const found = differences.length === 1 ? "1 difference" : `${differences.length} differences`;
  return [
    ...differences.map(differenceLine),
    `${found} between the ledger and its counters: ${entries} entries, ${counters} counters.`,
  ];
}

function differenceLine(difference: CounterDifference): string {
  const { payer, member, periodStart, counterMicros, ledgerMicros } = difference;
  return [
    member === null ? payer : `${payer}, member ${member}`,
    `period from ${periodStart}`,
    `counter ${counterMicros === null ? "missing" : dollars(counterMicros)}`,
    `ledger ${dollars(ledgerMicros)}`,
    `difference ${dollars((counterMicros ?? 0) - ledgerMicros)}`,
  ].join("  ");
}
