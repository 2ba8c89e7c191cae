import { classNames } from "./class-names.ts";

/** A signal gantry: two posts, a beam, a light. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={classNames("shrink-0", className)}>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M7 10h18M9.500 10v13M22.500 10v13"
        stroke="#fff"
        strokeWidth="2.500"
        strokeLinecap="round"
        fill="none"
      />
      <circle cx="16" cy="16.500" r="2.600" fill="#fff" />
    </svg>
  );
}
