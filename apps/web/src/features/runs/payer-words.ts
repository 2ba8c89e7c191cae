import type { RunRecord } from "../../api/types.ts";
import { formatDay, formatMoney } from "../../ui/format.ts";

type Payer = NonNullable<RunRecord["payer"]>;

export interface PayerWords {
  readonly who: string;
  readonly plan: string;
  readonly period: string;
  readonly limit: string;
}

/** Who paid for a run, as it was when the run was admitted. */
export function payerWords(payer: Payer, name: string | null): PayerWords {
  const kind = payer.kind === "organization" ? "organization" : "personal account";
  const { usageLimitMicros } = payer.limits;
  const limit = usageLimitMicros === null ? "None: billing was off" : formatMoney(usageLimitMicros);
  const own =
    payer.memberLimitMicros === null
      ? ""
      : `, ${formatMoney(payer.memberLimitMicros)} of it for who started the run`;
  return {
    who:
      name === null ? `An ${kind === "organization" ? kind : "account"} that paid then` : `${name}, ${kind}`,
    plan: payer.planSource === "organization" ? `${payer.plan}, from an organization` : payer.plan,
    period: `${formatDay(payer.period.startAt)} to ${formatDay(payer.period.endAt)}`,
    limit: `${limit}${own}`,
  };
}
