import { Field, inputClass } from "../../ui/field.tsx";
import type { KeyFieldSpec } from "./key-fields.ts";

interface KeyFieldProps {
  readonly field: KeyFieldSpec;
  /** Null: nothing is wrong with it that is known. */
  readonly error: string | null;
}

export function KeyField({ field, error }: KeyFieldProps) {
  const { name, label, hint, isSecret = false, isOptional = false } = field;
  return (
    <Field
      label={label}
      error={error}
      {...(hint === undefined ? {} : { hint })}
      {...(isOptional ? { note: "optional" } : {})}
    >
      {(control) => (
        <input
          {...control}
          name={name}
          type={isSecret ? "password" : "text"}
          required={!isOptional}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={inputClass}
        />
      )}
    </Field>
  );
}
