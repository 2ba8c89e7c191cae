import type { ProviderKeyInUse } from "../../../api/types.ts";
import { providerName } from "../../../definition/provider-name.ts";
import { classNames } from "../../../ui/class-names.ts";
import { formatCount, plural } from "../../../ui/format.ts";
import { RelativeTime } from "../../../ui/time.tsx";
import { Badge } from "../account-badges.tsx";
import { clientsText, connectionsText, inOrder, sourceNames } from "./key-words.ts";

/** A table on wide screens, cards on narrow ones: the same cells, placed by the grid. */
export function KeyTable({ keys }: { readonly keys: readonly ProviderKeyInUse[] }) {
  return (
    <section aria-label="Keys" className="space-y-3">
      <h2 className="text-[15px] font-semibold tracking-tight">Keys</h2>
      <table className="block w-full text-sm md:table">
        <thead className="max-md:sr-only">
          <tr className="border-b border-line text-right text-xs text-muted *:px-2 *:pb-2 *:font-medium">
            <th scope="col" className="text-left">
              Provider
            </th>
            <th scope="col" className="text-left">
              Key
            </th>
            <th scope="col">Clients</th>
            <th scope="col">Calls in flight</th>
            <th scope="col">Connections</th>
            <th scope="col">Last use</th>
          </tr>
        </thead>
        <tbody className="block divide-y divide-line border-b border-line md:table-row-group">
          {inOrder(keys).map(({ id, key }) => (
            <KeyRow key={id} inUse={key} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const cell = "md:table-cell md:px-2 md:py-2.5 align-middle";
const number = `${cell} md:text-right`;

function KeyRow({ inUse }: { readonly inUse: ProviderKeyInUse }) {
  const { provider, source, keyFingerprint, clients, callsInFlight, draining, lastUsedAt } = inUse;
  return (
    <tr className="numbers grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 py-3 md:table-row md:py-0">
      <td className={`${cell} min-w-0`}>
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{providerName(provider)}</span>
          {draining && <Badge tone="warn">Draining</Badge>}
        </span>
      </td>
      <td className={`${cell} max-md:order-3 max-md:col-span-2`}>
        <code className="font-mono text-xs">{keyFingerprint}</code>
        <span className="block text-xs text-muted">{sourceNames[source]}</span>
      </td>
      <td className={`${number} max-md:order-4`}>
        <span className={classNames("max-md:hidden", clients === 0 && "text-muted")}>
          {clientsText(clients)}
        </span>
        <span className="text-muted md:hidden">
          {clients === 0 ? "a client per call" : plural(clients, "client")} · {formatCount(callsInFlight)} in
          flight
        </span>
      </td>
      <td className={`${number} max-md:hidden`}>{formatCount(callsInFlight)}</td>
      <td className={`${cell} text-right text-muted max-md:order-5`}>
        <span className="max-md:hidden">{connectionsText(inUse.connections)}</span>
        <span className="md:hidden">
          {inUse.connections === null ? "shared connections" : plural(inUse.connections, "connection")}
        </span>
      </td>
      <td className={`${cell} text-right text-muted max-md:order-2`}>
        <RelativeTime at={lastUsedAt} />
      </td>
    </tr>
  );
}
