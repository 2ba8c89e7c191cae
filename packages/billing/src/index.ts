export { type CounterDifference, type LedgerVerification, verifyLedger } from "./ledger/verify-ledger.ts";
export { type Bucket, type Limits, limitsOf, type PayerOverrides, type Subscription } from "./limits.ts";
export type { Period } from "./period.ts";
export {
  type BillingConfig,
  defaultBilling,
  defaultPlans,
  type Plan,
  type PlanName,
  planNames,
} from "./plans.ts";
export {
  type OwnSubscription,
  type PayerPlan,
  type PlanChange,
  type PlanChanged,
  setPlan,
} from "./set-plan.ts";
export { type Standing, type StandingText, standingOf } from "./standing.ts";
export { memberCapOf, subscriptionsOfPayer, usageOfPayer } from "./subscriptions.sql.ts";
