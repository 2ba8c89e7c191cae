import type { AccountMembers, AdminAccountDetail } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { formatMoney, plural } from "../../../ui/format.ts";
import { Section } from "../../../ui/page.tsx";
import { AccountLink } from "../account-link.tsx";
import type { OpenDialog } from "./account-dialogs.tsx";

interface MembersProps {
  readonly organization: AdminAccountDetail;
  readonly members: AccountMembers;
  readonly onOpen: (dialog: OpenDialog) => void;
}

export function Members({ organization, members, onOpen }: MembersProps) {
  const { items, total } = members;
  return (
    <Section
      title="Members"
      description={
        items.length < total
          ? `The first ${items.length} of ${plural(total, "member")}, by name.`
          : "A cap is what one member may use of the organization's limit in a period."
      }
    >
      {items.length === 0 ? (
        <p className="text-sm text-muted">Nobody is in {organization.name}.</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {items.map((member) => (
            <li
              key={member.userId}
              className="numbers flex flex-wrap items-center gap-x-6 gap-y-1 py-2.5 text-sm"
            >
              <div className="min-w-0 flex-1 basis-48">
                <p className="truncate font-medium">
                  <AccountLink account={{ kind: "user", id: member.userId }} name={member.name} />
                </p>
                <p className="truncate text-xs text-muted">
                  {member.email} · {member.role}
                </p>
              </div>
              <p className="flex-1 basis-44 text-muted sm:flex-none">
                {formatMoney(member.settledMicros)} used,{" "}
                {member.capMicros === null ? "no cap" : `cap ${formatMoney(member.capMicros)}`}
              </p>
              <Button
                size="sm"
                aria-label={`Change the cap of ${member.name}`}
                onClick={() => onOpen({ kind: "cap", member })}
              >
                Change cap
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
