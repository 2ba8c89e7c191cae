import type { AccountBan } from "../../../api/types.ts";
import { formatDay } from "../../../ui/format.ts";
import { Section } from "../../../ui/page.tsx";
import { RelativeTime } from "../../../ui/time.tsx";

/** Nothing for an account that was never banned. */
export function BanHistory({ bans }: { readonly bans: readonly AccountBan[] }) {
  if (bans.length === 0) return null;
  return (
    <Section title="Bans">
      <ul className="divide-y divide-line border-y border-line">
        {bans.map((ban) => (
          <li key={ban.id} className="numbers flex flex-wrap gap-x-6 gap-y-1 py-2.5 text-sm">
            <span className="min-w-0 flex-1 basis-56 break-words">{ban.reason}</span>
            <span className="text-[13px] text-muted">
              <RelativeTime at={ban.createdAt} />
              {ban.createdBy !== null && ` by ${ban.createdBy}`} · {endOf(ban)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function endOf({ endsAt, counts }: AccountBan): string {
  if (endsAt === null) return "without end";
  return `${counts ? "ends" : "ended"} ${formatDay(endsAt)}`;
}
