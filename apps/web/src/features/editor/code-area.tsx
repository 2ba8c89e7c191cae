import { type KeyboardEvent, type Ref, useRef } from "react";

interface CodeAreaProps {
  readonly label: string;
  readonly value: string;
  readonly invalid: boolean;
  readonly ref: Ref<HTMLTextAreaElement>;
  readonly onChange: (value: string) => void;
  readonly onSave: () => void;
}

/** A plain text area with line numbers. Tab moves on, as everywhere, so nobody is caught in it. */
export function CodeArea({ label, value, invalid, ref, onChange, onSave }: CodeAreaProps) {
  const gutter = useRef<HTMLPreElement>(null);
  const lines = value.split("\n").length;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "s" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    onSave();
  };
  return (
    <div className="flex h-[24rem] overflow-hidden rounded-xl border border-line-strong bg-surface font-mono text-[12.5px] leading-5 has-focus-visible:outline-2 has-focus-visible:outline-accent-text sm:h-[34rem] lg:sticky lg:top-8 lg:h-[calc(100dvh-4rem)] lg:max-h-[46rem]">
      <div
        aria-hidden="true"
        className="overflow-hidden border-r border-line bg-subtle py-3 text-right text-muted select-none"
      >
        <pre ref={gutter} className="px-2.5">
          {Array.from({ length: lines }, (_, line) => line + 1).join("\n")}
        </pre>
      </div>
      <textarea
        ref={ref}
        aria-label={label}
        aria-invalid={invalid || undefined}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (gutter.current !== null)
            gutter.current.style.transform = `translateY(${-event.currentTarget.scrollTop}px)`;
        }}
        className="min-w-0 flex-1 resize-none bg-transparent px-3 py-3 outline-none"
      />
    </div>
  );
}
