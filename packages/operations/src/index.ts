export type { AccountView, ShadowLimits } from "./accounts/account-view.ts";
export { type AccountName, findAccount, type NamedAccount } from "./accounts/find-account.ts";
export { type AccountDetail, type GetAccountResult, getAccount } from "./accounts/get-account.ts";
export {
  type ListAccountsRequest,
  type ListAccountsResult,
  listAccounts,
} from "./accounts/list-accounts.ts";
export type { MemberPage, Membership, MemberView } from "./accounts/members.ts";
export type { AuditAction } from "./audit/entry.ts";
export {
  type AuditEntryView,
  type AuditState,
  type ListAuditRequest,
  type ListAuditResult,
  listAudit,
} from "./audit/list-audit.ts";
export { type BanRequest, type BanResult, banAccount } from "./bans/ban-account.ts";
export { type LiftBanResult, liftBan } from "./bans/lift-ban.ts";
export type { BanView } from "./bans/read-bans.ts";
export type { Account, Actor, Forbidden, OperationsDeps, Principal } from "./deps.ts";
export { type SetLimitsRequest, type SetLimitsResult, setLimits } from "./payers/set-limits.ts";
export { type SetMemberCapRequest, type SetMemberCapResult, setMemberCap } from "./payers/set-member-cap.ts";
export { type SetPlanRequest, type SetPlanResult, setPlan } from "./payers/set-plan.ts";
export {
  type SetShadowLimitsRequest,
  type SetShadowLimitsResult,
  setShadowLimits,
} from "./payers/set-shadow-limits.ts";
export { type UnblockPayerResult, unblockPayer } from "./payers/unblock-payer.ts";
export { appointFirstAdmin } from "./roles/appoint-first-admin.ts";
export { isAdmin } from "./roles/is-admin.ts";
export { type Role, type SetRoleResult, setRole } from "./roles/set-role.ts";
export {
  type PayerShadow,
  type ShadowDay,
  type ShadowReportResult,
  shadowReport,
} from "./shadow/shadow-report.ts";
export { type FreeSlotDeps, type FreeSlotResult, freeSlot } from "./slots/free-slot.ts";
export {
  type ListSlotsRequest,
  type ListSlotsResult,
  listSlots,
  type PayerSlots,
  type SlotView,
} from "./slots/list-slots.ts";
