import type { StartInput } from "@gantry/workflow";
import { Field, inputClass } from "../../ui/field.tsx";

interface InputFieldProps {
  readonly input: StartInput;
  readonly value: string | boolean;
  readonly problem: string | null;
  readonly onChange: (value: string | boolean) => void;
}

/** One typed input of the start block. */
export function InputField({ input, value, problem, onChange }: InputFieldProps) {
  if (input.type === "boolean") return <Toggle input={input} value={value === true} onChange={onChange} />;
  const text = typeof value === "string" ? value : "";
  const long = input.type === "json";
  return (
    <Field
      label={input.name}
      note={input.required ? input.type : `${input.type}, optional`}
      {...(input.description === undefined ? {} : { hint: input.description })}
      error={problem}
    >
      {(control) =>
        input.type === "number" ? (
          <input
            {...control}
            className={`${inputClass} numbers`}
            inputMode="decimal"
            required={input.required}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...control}
            className={`${inputClass} block resize-y field-sizing-content max-h-60 ${long ? "min-h-20 font-mono text-[13px]" : "min-h-[38px]"}`}
            rows={long ? 3 : 1}
            required={input.required}
            spellCheck={!long}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

interface ToggleProps {
  readonly input: StartInput;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

function Toggle({ input, value, onChange }: ToggleProps) {
  return (
    <label className="flex items-start gap-2.5 text-[13px] font-medium">
      <input
        type="checkbox"
        className="mt-0.5 size-4 accent-accent"
        checked={value}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {input.name}
        {input.description !== undefined && (
          <span className="block font-normal text-muted">{input.description}</span>
        )}
      </span>
    </label>
  );
}
