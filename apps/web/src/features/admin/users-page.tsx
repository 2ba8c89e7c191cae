import type { AdminAccount } from "../../api/types.ts";
import { RelativeTime } from "../../ui/time.tsx";
import { AccountBadges } from "./account-badges.tsx";
import { AccountLink } from "./account-link.tsx";
import { AccountsList, type AccountsListProps } from "./accounts-list.tsx";
import { planText } from "./plan-words.ts";

export function UsersPage(props: AccountsListProps) {
  return (
    <AccountsList
      {...props}
      kind="user"
      title="Users"
      description="Everybody who has an account on this Gantry, newest first."
      things="users"
      searchLabel="Search by name or email"
    >
      {(users) => <UserTable users={users} />}
    </AccountsList>
  );
}

/** A table on wide screens, cards on narrow ones: the same cells, placed by the grid. */
function UserTable({ users }: { readonly users: readonly AdminAccount[] }) {
  return (
    <table className="block w-full text-sm md:table">
      <thead className="max-md:sr-only">
        <tr className="border-b border-line text-left text-xs text-muted *:px-2 *:pb-2 *:font-medium">
          <th scope="col">Person</th>
          <th scope="col">State</th>
          <th scope="col">Plan</th>
          <th scope="col" className="text-right">
            Joined
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {users.map((user) => (
          <UserRow key={user.id} user={user} />
        ))}
      </tbody>
    </table>
  );
}

const cell = "md:table-cell md:px-2 md:py-3 align-middle";

function UserRow({ user }: { readonly user: AdminAccount }) {
  return (
    <tr className="numbers relative grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 py-3.5 transition-colors hover:bg-subtle md:table-row md:py-0">
      <td className={`${cell} min-w-0`}>
        <AccountLink account={user} name={user.name} covers />
        <span className="block truncate text-xs text-muted">{user.handle}</span>
      </td>
      <td className={`${cell} max-md:order-4 max-md:col-span-2 max-md:empty:hidden`}>
        <AccountBadges account={user} />
      </td>
      <td className={`${cell} text-muted max-md:order-2 max-md:text-right`}>{planText(user)}</td>
      <td className={`${cell} text-muted max-md:order-3 max-md:text-xs md:text-right`}>
        <span className="md:hidden">Joined </span>
        <RelativeTime at={user.createdAt} />
      </td>
    </tr>
  );
}
