import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Notice } from "../../ui/notice.tsx";

interface AuthFormProps {
  readonly title: string;
  readonly lead: string;
  readonly submit: string;
  /** Rejects with a sentence for the person. */
  readonly onSubmit: (form: FormData) => Promise<void>;
  readonly footer: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the sign-in and sign-up pages. */
export function AuthForm({ title, lead, submit, onSubmit, footer, children }: AuthFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const send = useMutation({ mutationFn: onSubmit });
  const onForm = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!send.isPending) send.mutate(new FormData(event.currentTarget));
  };
  return (
    <main id="main" className="flex min-h-dvh items-center justify-center px-5 py-12">
      <title>{`${title} · Gantry`}</title>
      <div className="w-full max-w-[22rem]">
        <Logo className="mb-9 size-9" />
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-1.5 mb-7 text-sm text-muted">{lead}</p>
        <form ref={form} onSubmit={onForm} className="space-y-4" aria-label={title}>
          {children}
          {send.error !== null && (
            <Notice tone="bad" role="alert">
              {send.error.message}
            </Notice>
          )}
          <Button type="submit" variant="primary" busy={send.isPending} className="w-full">
            {submit}
          </Button>
        </form>
        <p className="mt-6 text-sm text-muted">{footer}</p>
      </div>
    </main>
  );
}

/** Whether people may sign up by themselves; true until the server says otherwise. */
export function useSignUpEnabled(): boolean {
  return useQuery(trpc.system.status.queryOptions()).data?.signUpEnabled ?? true;
}
