import { Link } from "@tanstack/react-router";
import { secretOf, textOf } from "../../ui/form.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { authClient } from "./auth-client.ts";
import { AuthForm, useSignUpEnabled } from "./auth-form.tsx";
import { forgetSession } from "./session.ts";

interface SignInPageProps {
  /** Where to go afterwards. */
  readonly redirect: string | undefined;
  readonly onSignedIn: () => Promise<void>;
}

export function SignInPage({ redirect, onSignedIn }: SignInPageProps) {
  const signUpEnabled = useSignUpEnabled();
  return (
    <AuthForm
      title="Sign in"
      lead="Welcome back. Sign in to watch your runs."
      submit="Sign in"
      footer={
        signUpEnabled && (
          <>
            New here?{" "}
            <Link
              to="/sign-up"
              search={{ redirect }}
              className="font-medium text-accent-text hover:underline"
            >
              Create an account
            </Link>
          </>
        )
      }
      onSubmit={async (form) => {
        const { error } = await authClient.signIn.email({
          email: textOf(form, "email"),
          password: secretOf(form, "password"),
        });
        if (error !== null) throw new Error(error.message ?? "Gantry did not answer. Try again.");
        forgetSession();
        await onSignedIn();
      }}
    >
      <TextField label="Email" name="email" type="email" autoComplete="username" required />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
    </AuthForm>
  );
}
