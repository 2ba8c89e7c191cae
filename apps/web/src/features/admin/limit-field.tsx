import { TextField } from "../../ui/text-field.tsx";
import { dollarsText } from "./amounts.ts";

interface LimitFieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: number | null;
  readonly hint: string;
  /** What holds while the field is empty. */
  readonly placeholder?: string;
  readonly required?: boolean;
}

/** Dollars. Read it with `microsOf`. */
export function MoneyField({ value, ...rest }: LimitFieldProps) {
  return (
    <TextField
      {...rest}
      type="number"
      inputMode="decimal"
      min={0}
      max={1_000_000_000}
      step="any"
      defaultValue={dollarsText(value)}
      autoComplete="off"
    />
  );
}

/** A whole number of at least 1. Read it with `countOf`. */
export function CountField({ value, ...rest }: LimitFieldProps) {
  return (
    <TextField
      {...rest}
      type="number"
      inputMode="numeric"
      min={1}
      max={1_000_000}
      step={1}
      defaultValue={value ?? ""}
      autoComplete="off"
    />
  );
}
