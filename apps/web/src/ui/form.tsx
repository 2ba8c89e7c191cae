import type { ReactNode } from "react";

interface FormProps {
  readonly label: string;
  readonly className?: string;
  readonly onData: (data: FormData) => void;
  readonly children: ReactNode;
}

/** A form that keeps what was typed when sending it fails. */
export function Form({ label, className, onData, children }: FormProps) {
  return (
    <form
      aria-label={label}
      className={className}
      onSubmit={(event) => {
        event.preventDefault();
        onData(new FormData(event.currentTarget));
      }}
    >
      {children}
    </form>
  );
}

/** A text entry by its name, trimmed. */
export function textOf(data: FormData, name: string): string {
  return secretOf(data, name).trim();
}

/** A text entry as it was typed: blanks may belong to a secret. */
export function secretOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}
