import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { classNames } from "./class-names.ts";

interface MenuProps {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly triggerClass: string;
  /** Where the menu opens, seen from its button. */
  readonly placement: string;
  /** The items: elements whose role begins with `menuitem`. Choosing one closes the menu. */
  readonly children: ReactNode;
}

/** A button with a menu: arrow keys move, Escape closes and gives the focus back. */
export function Menu({ label, trigger, triggerClass, placement, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    items(root.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") return setOpen(false);
    if (event.key === "Escape") close();
    else if (!move(root.current, event.key)) return;
    event.preventDefault();
  };

  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest(itemSelector) !== null) close();
  };

  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        className={triggerClass}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && (
        <div
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onKeyDown={onKeyDown}
          onClick={onClick}
          className={classNames(
            "absolute z-40 min-w-56 animate-arrive rounded-xl border border-line bg-surface p-1.5 shadow-float",
            placement,
          )}
        >
          {children}
        </div>
      )}
    </div>
  );
}

export const menuItemClass =
  "flex w-full items-center gap-2.5 rounded-lg px-2.5 py-2 text-left text-sm outline-none hover:bg-subtle focus-visible:bg-subtle focus-visible:outline-2 focus-visible:-outline-offset-2";

const itemSelector = "[role^=menuitem]";

function items(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>(itemSelector) ?? [])];
}

function move(root: HTMLElement | null, key: string): boolean {
  const all = items(root);
  const current = all.findIndex((item) => item === document.activeElement);
  const next = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: all.length - 1 }[key];
  if (next === undefined) return false;
  all[(next + all.length) % all.length]?.focus();
  return true;
}
