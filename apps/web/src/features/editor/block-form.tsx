import { useState } from "react";
import type { GraphBlock } from "../../definition/read-definition.ts";
import { blockKind } from "../../ui/block-icon.tsx";
import { Field, inputClass } from "../../ui/field.tsx";
import { Section } from "../../ui/page.tsx";
import { Select } from "../../ui/select.tsx";
import { type BlockField, choicesWith, fieldsOf, fieldText, fieldValue } from "./block-fields.ts";

interface BlockFormProps {
  readonly block: GraphBlock | null;
  /** While the text is not JSON there is nothing that could be changed. */
  readonly disabled: boolean;
  readonly onChange: (field: string, value: unknown) => void;
}

/** The main fields of the selected block; changes go straight into the text. */
export function BlockForm({ block, disabled, onChange }: BlockFormProps) {
  if (block === null)
    return <p className="text-[13px] text-muted">Select a block on the graph to edit its fields.</p>;
  return (
    <Section title={block.name} description={`${blockKind(block.type).label} block`}>
      <fieldset disabled={disabled} className="space-y-4">
        <legend className="sr-only">Fields of {block.name}</legend>
        {fieldsOf(block.type).map((field) => (
          <BlockFieldControl
            key={field.key}
            field={field}
            value={block.fields[field.key]}
            onChange={onChange}
          />
        ))}
      </fieldset>
    </Section>
  );
}

interface BlockFieldControlProps {
  readonly field: BlockField;
  readonly value: unknown;
  readonly onChange: (field: string, value: unknown) => void;
}

function BlockFieldControl({ field, value, onChange }: BlockFieldControlProps) {
  const stored = fieldText(value, field.kind);
  // What is typed is kept while it is not a value yet, and while it says the same as what is stored.
  const [typed, setTyped] = useState<string | null>(null);
  const parsed = typed === null ? null : fieldValue(typed, field);
  const keep = parsed !== null && (!parsed.ok || fieldText(parsed.value, field.kind) === stored);
  const text = keep && typed !== null ? typed : stored;

  const change = (next: string) => {
    setTyped(next);
    const result = fieldValue(next, field);
    if (result.ok) onChange(field.key, result.value);
  };

  return (
    <Field
      label={field.label}
      {...(field.optional === true ? { note: "optional" } : {})}
      {...(field.hint === undefined ? {} : { hint: field.hint })}
      error={parsed !== null && !parsed.ok ? parsed.message : null}
    >
      {(control) => {
        if (field.kind === "choice") {
          return (
            <Select {...control} value={text} onChange={(event) => change(event.target.value)}>
              {choicesWith(text, field.choices ?? []).map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          );
        }
        if (field.kind === "flag") {
          return (
            <input
              {...control}
              type="checkbox"
              className="block size-4 accent-accent"
              checked={text === "true"}
              onChange={(event) => change(event.target.checked ? "true" : "")}
            />
          );
        }
        if (field.kind === "line" || field.kind === "number") {
          return (
            <input
              {...control}
              className={inputClass}
              inputMode={field.kind === "number" ? "decimal" : "text"}
              spellCheck={false}
              value={text}
              onChange={(event) => change(event.target.value)}
            />
          );
        }
        return (
          <textarea
            {...control}
            rows={3}
            spellCheck={field.kind === "text"}
            className={`${inputClass} field-sizing-content block max-h-72 min-h-20 resize-y ${field.kind === "text" ? "" : "font-mono text-[12.5px]"}`}
            value={text}
            onChange={(event) => change(event.target.value)}
          />
        );
      }}
    </Field>
  );
}
