import { getRouteApi, useRouter } from "@tanstack/react-router";
import { SignInPage } from "../features/session/sign-in-page.tsx";
import { SignUpPage } from "../features/session/sign-up-page.tsx";

const signIn = getRouteApi("/sign-in");
const signUp = getRouteApi("/sign-up");

export function SignInRoute() {
  const { redirect } = signIn.useSearch();
  return <SignInPage redirect={redirect} onSignedIn={useGoOn(redirect)} />;
}

export function SignUpRoute() {
  const { redirect } = signUp.useSearch();
  return <SignUpPage redirect={redirect} onSignedUp={useGoOn(redirect)} />;
}

function useGoOn(redirect: string | undefined): () => Promise<void> {
  const router = useRouter();
  return () => router.navigate({ href: redirect ?? "/" });
}
