import type { ReactNode } from "react";

interface PageProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page in the shell: document title, heading, actions, content. */
export function Page({ title, description, actions, children }: PageProps) {
  return (
    <div className="mx-auto w-full max-w-6xl px-4 pt-6 pb-16 sm:px-8 sm:pt-9">
      <title>{`${title} · Gantry`}</title>
      <header className="mb-7 flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0 space-y-1">
          <h1 className="text-[22px] leading-7 font-semibold tracking-tight">{title}</h1>
          {description !== undefined && (
            <p className="max-w-2xl text-sm text-pretty text-muted">{description}</p>
          )}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, description, actions, children }: SectionProps) {
  return (
    <section aria-label={title} className="space-y-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="space-y-0.5">
          <h2 className="text-[15px] font-semibold tracking-tight">{title}</h2>
          {description !== undefined && (
            <p className="max-w-2xl text-[13px] text-pretty text-muted">{description}</p>
          )}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
