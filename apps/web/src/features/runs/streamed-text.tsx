import { memo } from "react";
import type { TextLog } from "./text-log.ts";

const Page = memo(function Page({ text }: { readonly text: string }) {
  return text;
});

/** More pages than this would make the browser slow, and nobody reads them here. */
const pagesShownMax = 25;

/** Text as it arrives, with a caret while more may come. Full pages render once. */
export function StreamedText({ log, streaming }: { readonly log: TextLog; readonly streaming: boolean }) {
  const skipped = Math.max(0, log.pages.length - pagesShownMax);
  return (
    <p className="text-sm leading-6 break-words whitespace-pre-wrap">
      {skipped > 0 && <span className="text-muted">Only the end is shown. … </span>}
      {log.pages.slice(skipped).map((page, index) => (
        <Page key={skipped + index} text={page} />
      ))}
      {log.tail}
      {streaming && (
        <span
          aria-hidden="true"
          className="ml-0.5 inline-block h-[1.05em] w-[2px] translate-y-[0.18em] animate-caret bg-accent-text"
        />
      )}
    </p>
  );
}
