import type { StartInput } from "@gantry/workflow";
import { ListChecks, Play, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useMemo, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/page.tsx";
import { parseCostLimit } from "./cost-limit.ts";
import { CostLimitField } from "./cost-limit-field.tsx";
import { InputField } from "./input-field.tsx";
import { type InputText, initialText, parseInput } from "./input-values.ts";
import { costLimitPath, type RunRequest } from "./run-request.ts";

interface RunFormProps {
  readonly inputs: readonly StartInput[];
  readonly running: boolean;
  readonly explaining: boolean;
  readonly cancelling: boolean;
  /** Problems that the server found, by input name; the cost limit's is under `costLimitPath`. */
  readonly serverProblems: Readonly<Record<string, string>>;
  readonly onRun: (request: RunRequest) => void;
  readonly onExplain: (request: RunRequest) => void;
  readonly onCancel: () => void;
}

const isMac = navigator.userAgent.includes("Mac");

export function RunForm(props: RunFormProps) {
  const { inputs, running, explaining, cancelling } = props;
  const initial = useMemo(() => initialText(inputs), [inputs]);
  const [changed, setChanged] = useState<InputText>({});
  const [costText, setCostText] = useState("");
  const [shown, setShown] = useState<Readonly<Record<string, string>>>({});
  const text = { ...initial, ...changed };
  const problems = { ...props.serverProblems, ...shown };

  const send = (use: (request: RunRequest) => void) => {
    const parsed = parseInput(inputs, text);
    const cost = parseCostLimit(costText);
    setShown({
      ...(parsed.ok ? {} : parsed.problems),
      ...(cost.kind === "problem" ? { [costLimitPath]: cost.message } : {}),
    });
    if (!parsed.ok || cost.kind === "problem") return;
    use({ input: parsed.input, maxCostMicros: cost.kind === "none" ? null : cost.micros });
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (!running) send(props.onRun);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onSubmit(event);
  };

  return (
    <Section title="Input">
      <form
        aria-label="Run this workflow"
        noValidate
        onSubmit={onSubmit}
        onKeyDown={onKeyDown}
        className="space-y-5"
      >
        {inputs.length === 0 && <p className="text-[13px] text-muted">This workflow takes no input.</p>}
        {inputs.map((input) => (
          <InputField
            key={input.name}
            input={input}
            value={text[input.name] ?? ""}
            problem={problems[input.name] ?? null}
            onChange={(value) => {
              setChanged({ ...changed, [input.name]: value });
              setShown(without(shown, input.name));
            }}
          />
        ))}
        <CostLimitField
          value={costText}
          problem={problems[costLimitPath] ?? null}
          onChange={(value) => {
            setCostText(value);
            setShown(without(shown, costLimitPath));
          }}
        />
        <div className="flex flex-wrap items-center gap-2">
          {running ? (
            <Button
              variant="danger"
              busy={cancelling}
              icon={<Square aria-hidden="true" className="size-3.5 fill-current" />}
              onClick={props.onCancel}
            >
              Cancel run
            </Button>
          ) : (
            <Button
              type="submit"
              variant="primary"
              icon={<Play aria-hidden="true" className="size-3.5 fill-current" />}
            >
              Run
            </Button>
          )}
          <Button
            busy={explaining}
            disabled={running}
            icon={<ListChecks aria-hidden="true" className="size-4" />}
            onClick={() => send(props.onExplain)}
          >
            Explain
          </Button>
          <kbd className="ml-auto font-sans text-xs text-muted max-sm:hidden">{isMac ? "⌘ ↵" : "Ctrl ↵"}</kbd>
        </div>
      </form>
    </Section>
  );
}

function without(problems: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(problems).filter(([key]) => key !== name));
}
