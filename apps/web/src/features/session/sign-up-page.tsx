import { Link } from "@tanstack/react-router";
import { secretOf, textOf } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { authClient } from "./auth-client.ts";
import { AuthForm, useSignUpEnabled } from "./auth-form.tsx";
import { forgetSession } from "./session.ts";

interface SignUpPageProps {
  readonly redirect: string | undefined;
  readonly onSignedUp: () => Promise<void>;
}

export function SignUpPage({ redirect, onSignedUp }: SignUpPageProps) {
  const signUpEnabled = useSignUpEnabled();
  return (
    <AuthForm
      title="Create your account"
      lead="You get a workspace of your own, ready for a first workflow."
      submit="Create account"
      footer={
        <>
          Already have one?{" "}
          <Link to="/sign-in" search={{ redirect }} className="font-medium text-accent-text hover:underline">
            Sign in
          </Link>
        </>
      }
      onSubmit={async (form) => {
        const { error } = await authClient.signUp.email({
          name: textOf(form, "name"),
          email: textOf(form, "email"),
          password: secretOf(form, "password"),
        });
        if (error !== null) throw new Error(error.message ?? "Gantry did not answer. Try again.");
        forgetSession();
        await onSignedUp();
      }}
    >
      {!signUpEnabled && (
        <Notice tone="warn">This Gantry does not take new accounts. Ask its operator for one.</Notice>
      )}
      <TextField label="Name" name="name" autoComplete="name" required maxLength={100} />
      <TextField label="Email" name="email" type="email" autoComplete="email" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint="At least 8 characters."
      />
    </AuthForm>
  );
}
