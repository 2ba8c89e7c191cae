import type { ProvidersInUse } from "../../../api/types.ts";
import { formatCount } from "../../../ui/format.ts";

/** The connections that all keys share. */
export function ConnectionTable({ connections }: { readonly connections: ProvidersInUse["connections"] }) {
  return (
    <section aria-label="Shared connections" className="space-y-3">
      <h2 className="text-[15px] font-semibold tracking-tight">Shared connections</h2>
      <table className="numbers w-full text-sm">
        <thead>
          <tr className="border-b border-line text-right text-xs text-muted *:px-2 *:pb-2 *:font-medium">
            <th scope="col" className="text-left">
              Address
            </th>
            <th scope="col">Open</th>
            <th scope="col">Calls in flight</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-b border-line">
          {connections.map(({ origin, open, callsInFlight }) => (
            <tr key={origin} className="text-right *:px-2 *:py-2.5">
              <th scope="row" className="text-left font-normal">
                <code className="font-mono text-xs break-all">{origin}</code>
              </th>
              <td>{formatCount(open)}</td>
              <td>{formatCount(callsInFlight)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
