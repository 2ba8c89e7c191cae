import { createAuthClient } from "better-auth/react";

/** Sign-in, sign-up and sign-out. The session itself is an HttpOnly cookie. */
export const authClient = createAuthClient({ sessionOptions: { refetchOnWindowFocus: false } });
