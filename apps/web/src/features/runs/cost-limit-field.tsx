import { Field, inputClass } from "../../ui/field.tsx";

interface CostLimitFieldProps {
  readonly value: string;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}

/** Empty whenever the form opens: a limit is meant for the run at hand. */
export function CostLimitField({ value, problem, onChange }: CostLimitFieldProps) {
  return (
    <Field
      label="Cost limit for this run"
      note="dollars, optional"
      hint="Calls that could take the run past it are refused."
      error={problem}
    >
      {(control) => (
        <input
          {...control}
          className={`${inputClass} numbers`}
          inputMode="decimal"
          autoComplete="off"
          placeholder="No limit"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
