import { CopyButton } from "./copy-button.tsx";

/** Above this many characters only the beginning is shown; copying still gives everything. */
const charsShownMax = 40_000;

interface JsonViewProps {
  readonly label: string;
  readonly value: unknown;
  readonly className?: string;
}

/** A JSON value, pretty-printed. A plain string is shown as text. */
export function JsonView({ label, value, className = "max-h-72" }: JsonViewProps) {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  const cut = text.length > charsShownMax;
  return (
    <figure aria-label={label} className="group min-w-0">
      <figcaption className="mb-1 flex h-7 items-center justify-between text-xs font-medium text-muted">
        {label}
        <CopyButton text={text} label={`Copy`} />
      </figcaption>
      <pre
        tabIndex={0}
        className={`overflow-auto rounded-lg bg-subtle px-3.5 py-3 font-mono text-[12.5px] leading-5 break-words whitespace-pre-wrap ${className}`}
      >
        {cut ? `${text.slice(0, charsShownMax)}\n…` : text}
      </pre>
      {cut && <p className="mt-1 text-xs text-muted">Only the first part is shown. Copy gives all of it.</p>}
    </figure>
  );
}
