/** Which version answers API calls. */
export function VersionBadge({ number }: { readonly number: number | null }) {
  return number === null ? (
    <span className="text-[13px] whitespace-nowrap text-muted">Not deployed</span>
  ) : (
    <span className="numbers inline-flex rounded-md bg-ok-soft px-2 py-0.5 text-xs font-medium whitespace-nowrap text-ok">
      Version {number}
    </span>
  );
}
