export { type CounterDifference, type LedgerVerification, verifyLedger } from "./ledger/verify-ledger.ts";
export {
  type Bucket,
  type LimitSource,
  type Limits,
  limitsOf,
  type PayerOverrides,
  type Subscription,
} from "./limits.ts";
export { lockPayer, type PayerOwner } from "./lock-payer.ts";
export {
  type PayerSnapshot,
  type RestoredSnapshot,
  restoreSnapshot,
  storeSnapshot,
} from "./payer-snapshot.ts";
export type { Period } from "./period.ts";
export {
  type BillingConfig,
  defaultBilling,
  defaultPlans,
  type Plan,
  type PlanName,
  planNames,
} from "./plans.ts";
export { type CallContent, promptBytes, promptBytesOf } from "./run-cost/prompt-bytes.ts";
export { worstCost } from "./run-cost/worst-cost.ts";
export {
  type OwnSubscription,
  type PayerPlan,
  type PlanChange,
  type PlanChanged,
  setPlan,
} from "./set-plan.ts";
export { type Standing, type StandingText, standingOf } from "./standing.ts";
export { goesOnPaying } from "./stripe/goes-on-paying.ts";
export type { PaidPlan, StripePrices } from "./stripe/prices.ts";
export {
  type BillingView,
  type OwnPlan,
  type ReadBillingResult,
  readBilling,
} from "./stripe/read-billing.ts";
export { memberCapOf, subscriptionsOfPayer, usageOfPayer } from "./subscriptions.sql.ts";
