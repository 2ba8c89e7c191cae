import type { InputHTMLAttributes } from "react";
import { Field, inputClass } from "./field.tsx";

interface TextFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
}

export function TextField({ label, hint, ...rest }: TextFieldProps) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {(control) => <input {...control} {...rest} className={inputClass} />}
    </Field>
  );
}
