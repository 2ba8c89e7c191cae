import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { ProviderId, ProviderKeyOwner } from "../../api/types.ts";
import { providerNames } from "../../definition/provider-name.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Field } from "../../ui/field.tsx";
import { Form, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { Select } from "../../ui/select.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { KeyField } from "./key-field.tsx";
import { keyFields, keyFrom } from "./key-fields.ts";

interface AddProviderKeyDialogProps {
  readonly owner: ProviderKeyOwner;
  readonly title: string;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

export function AddProviderKeyDialog({ owner, title, onClose, onDone }: AddProviderKeyDialogProps) {
  const [provider, setProvider] = useState<ProviderId>("anthropic");
  const add = useMutation(trpc.providerKey.add.mutationOptions({ onSuccess: onDone }));
  const fields = keyFields[provider];
  const problems = add.error === null ? [] : readFailure(add.error).problems;
  const problemOf = (field: string): string | null => {
    const messages = problems
      .filter(({ path }) => path[0] === "key" && path[1] === field)
      .map(({ message }) => `${message}.`);
    return messages.length === 0 ? null : messages.join(" ");
  };
  const isShownAtFields =
    problems.length > 0 &&
    problems.every(({ path }) => path[0] === "key" && fields.some(({ name }) => name === path[1]));
  return (
    <Dialog title={title} description="It is encrypted and never shown again." onClose={onClose}>
      <Form
        label={title}
        className="space-y-4"
        onData={(data) => add.mutate({ owner, name: textOf(data, "name"), key: keyFrom(provider, data) })}
      >
        <Field label="Provider">
          {(control) => (
            <Select
              {...control}
              value={provider}
              onChange={({ target }) => {
                const chosen = providers.find((id) => id === target.value);
                if (chosen !== undefined) setProvider(chosen);
                add.reset();
              }}
            >
              {providers.map((id) => (
                <option key={id} value={id}>
                  {providerNames[id]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <TextField
          label="Name"
          name="name"
          required
          maxLength={100}
          autoComplete="off"
          hint="By which you tell it from others."
        />
        {fields.map((field) => (
          <KeyField key={`${provider} ${field.name}`} field={field} error={problemOf(field.name)} />
        ))}
        {!isShownAtFields && <MutationError error={add.error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={add.isPending}>
            Add key
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

const providers: readonly ProviderId[] = [
  "anthropic",
  "openai",
  "google",
  "bedrock",
  "azure-anthropic",
  "groq",
  "cerebras",
  "vllm",
];
