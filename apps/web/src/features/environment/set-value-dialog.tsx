import { useMutation } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogActions } from "../../ui/dialog.tsx";
import { Field, inputClass } from "../../ui/field.tsx";
import { Form, secretOf, textOf } from "../../ui/form.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { TextField } from "../../ui/text-field.tsx";

export type Scope =
  | { readonly kind: "workspace"; readonly workspaceId: string }
  | { readonly kind: "personal" };

interface SetValueDialogProps {
  readonly scope: Scope;
  /** The value to replace; null to add one. */
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

export function SetValueDialog({ scope, name, onClose, onDone }: SetValueDialogProps) {
  const set = useMutation(trpc.environment.set.mutationOptions({ onSuccess: onDone }));
  const title = name === null ? `Add ${scope.kind} value` : `Replace ${name}`;
  const send = (data: FormData) => {
    set.mutate({ scope, name: name ?? textOf(data, "name"), value: secretOf(data, "value") });
  };
  return (
    <Dialog title={title} description="The value is encrypted and never shown again." onClose={onClose}>
      <Form label={title} className="space-y-4" onData={send}>
        {name === null && (
          <TextField
            label="Name"
            name="name"
            required
            autoComplete="off"
            spellCheck={false}
            pattern="[A-Za-z_][A-Za-z0-9_]*"
            maxLength={100}
            hint="Letters, digits and underscores, such as CRM_TOKEN."
          />
        )}
        <Field label="Value">
          {(control) => (
            <textarea
              {...control}
              name="value"
              required
              rows={3}
              autoComplete="off"
              spellCheck={false}
              className={`${inputClass} block resize-y font-mono text-[13px]`}
            />
          )}
        </Field>
        <MutationError error={set.error} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={set.isPending}>
            {name === null ? "Add value" : "Replace value"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
