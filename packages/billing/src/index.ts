export { type Bucket, type Limits, limitsOf, type PayerOverrides, type Subscription } from "./limits.ts";
export {
  type BillingConfig,
  defaultBilling,
  defaultPlans,
  type Plan,
  type PlanName,
  planNames,
} from "./plans.ts";
export { payerStanding } from "./standing.sql.ts";
