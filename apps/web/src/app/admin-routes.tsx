import { getRouteApi } from "@tanstack/react-router";
import { AccountPage } from "../features/admin/account/account-page.tsx";
import { AuditPage } from "../features/admin/audit/audit-page.tsx";
import { PayersPage } from "../features/admin/payers-page.tsx";
import { ProvidersPage } from "../features/admin/providers/providers-page.tsx";
import { ShadowPage } from "../features/admin/shadow/shadow-page.tsx";
import { SlotsPage } from "../features/admin/slots/slots-page.tsx";
import { UsersPage } from "../features/admin/users-page.tsx";

const users = getRouteApi("/signed-in/admin/users");
const payers = getRouteApi("/signed-in/admin/payers");
const account = getRouteApi("/signed-in/admin/accounts/$kind/$id");
const slots = getRouteApi("/signed-in/admin/slots");
const audit = getRouteApi("/signed-in/admin/audit");

export function UsersRoute() {
  const navigate = users.useNavigate();
  const { search } = users.useSearch();
  return <UsersPage search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />;
}

export function PayersRoute() {
  const navigate = payers.useNavigate();
  const { search } = payers.useSearch();
  return <PayersPage search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />;
}

export function AccountRoute() {
  const { kind, id } = account.useParams();
  return <AccountPage key={`${kind} ${id}`} account={{ kind, id }} />;
}

export function SlotsRoute() {
  const { kind, id } = slots.useSearch();
  return <SlotsPage account={kind === undefined || id === undefined ? null : { kind, id }} />;
}

export function ProvidersRoute() {
  return <ProvidersPage />;
}

export function ShadowRoute() {
  return <ShadowPage />;
}

export function AuditRoute() {
  const { subject } = audit.useSearch();
  return <AuditPage subjectId={subject ?? null} />;
}
