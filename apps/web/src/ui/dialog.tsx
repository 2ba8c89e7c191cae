import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";

interface DialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog, open while it is rendered. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, description, wide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The browser would begin at the close button; whoever opened a form wants to fill it in.
    element?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={description === undefined ? undefined : `${id}-description`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === event.currentTarget && onClose()}
      className={classNames(
        "m-auto w-[calc(100vw-2rem)] rounded-2xl border border-line bg-surface p-0 text-fg shadow-float open:animate-arrive",
        wide ? "max-w-3xl" : "max-w-md",
      )}
    >
      <div className="p-5 sm:p-6">
        <header className="mb-5 flex items-start justify-between gap-4">
          <div className="space-y-1">
            <h2 id={`${id}-title`} className="text-base font-semibold tracking-tight">
              {title}
            </h2>
            {description !== undefined && (
              <p id={`${id}-description`} className="text-sm text-muted">
                {description}
              </p>
            )}
          </div>
          <IconButton label="Close" className="-mt-1 -mr-1.5" onClick={onClose}>
            <X aria-hidden="true" className="size-4" />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-6 flex flex-wrap justify-end gap-2">{children}</div>;
}
