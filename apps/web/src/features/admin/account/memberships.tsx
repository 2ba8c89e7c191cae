import type { AdminAccountDetail } from "../../../api/types.ts";
import { Section } from "../../../ui/page.tsx";
import { AccountLink } from "../account-link.tsx";

interface MembershipsProps {
  readonly memberships: NonNullable<AdminAccountDetail["memberships"]>;
}

export function Memberships({ memberships }: MembershipsProps) {
  return (
    <Section title="Organizations">
      {memberships.length === 0 ? (
        <p className="text-sm text-muted">In no organization.</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {memberships.map(({ organizationId, name, slug, role }) => (
            <li key={organizationId} className="flex items-baseline justify-between gap-4 py-2.5 text-sm">
              <span className="min-w-0 truncate font-medium">
                <AccountLink account={{ kind: "organization", id: organizationId }} name={name} />{" "}
                <span className="text-xs font-normal text-muted">{slug}</span>
              </span>
              <span className="text-muted">{role}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
