import type { JsonValue } from "@gantry/workflow";
import { isRecord } from "../../definition/read-definition.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { JsonView } from "../../ui/json-view.tsx";

/** An object with more keys than this reads better as JSON. */
const keysMax = 12;

/** A run's result, read as prose where it is text: on its own, or as the values of a small object. */
export function OutputValue({ value }: { readonly value: JsonValue }) {
  if (typeof value === "string") return <Prose text={value} />;
  const entries = isRecord(value) ? Object.entries(value) : [];
  const isReadable = entries.some(([, item]) => typeof item === "string") && entries.length <= keysMax;
  if (!isReadable) return <JsonView label="Result" value={value} className="max-h-96" />;
  return (
    <div>
      <dl className="space-y-4">
        {entries.map(([key, item]) => (
          <div key={key}>
            <dt className="mb-0.5 font-mono text-xs text-muted">{key}</dt>
            <dd className="min-w-0">
              {typeof item === "string" ? <Prose text={item} /> : <Inline value={item} />}
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-3 -ml-2.5">
        <CopyButton text={JSON.stringify(value, null, 2)} label="Copy as JSON" />
      </div>
    </div>
  );
}

function Prose({ text }: { readonly text: string }) {
  return <p className="max-w-prose text-[15px] leading-6.5 break-words whitespace-pre-wrap">{text}</p>;
}

function Inline({ value }: { readonly value: unknown }) {
  return (
    <code className="font-mono text-[13px] break-words whitespace-pre-wrap">
      {JSON.stringify(value, null, 2)}
    </code>
  );
}
