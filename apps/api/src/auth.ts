import { type AuthoringDatabase, createPersonalWorkspace } from "@gantry/authoring";
import { accounts, invitations, members, organizations, sessions, users, verifications } from "@gantry/db";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { organization } from "better-auth/plugins/organization";
import { fromOwnPages } from "./http/same-origin.ts";

export interface AuthOptions {
  readonly db: AuthoringDatabase;
  /** Signs cookies; at least 32 characters. */
  readonly secret: string;
  /** Where browsers find us, if a proxy stands before us. */
  readonly publicUrl: string | null;
  /** Where we listen. */
  readonly localUrl: string;
  readonly newId: () => string;
  /** Whether an organization has something that outlives it and must be ended first: nobody could end it afterwards. */
  readonly goesOnPaying: (organizationId: string) => Promise<boolean>;
  readonly log: (level: "debug" | "info" | "warn" | "error", message: string, error?: unknown) => void;
}

/** Accounts, sessions and organizations. */
export interface Auth {
  /** Answers everything under /api/auth. */
  readonly handler: (request: Request) => Promise<Response>;
  readonly sessionCookieName: string;
  /** A person with a personal workspace. Returns the user's id. */
  createPerson(person: { name: string; email: string; password: string }): Promise<string>;
  findPerson(email: string): Promise<string | null>;
  setPassword(userId: string, password: string): Promise<void>;
  /** An organization that this user owns. Returns its id. */
  createOrganization(organization: { name: string; slug: string; ownerId: string }): Promise<string>;
}

/** The server fills it in from the connection; see `mountAuth`. */
export const clientAddressHeader = "x-gantry-client-address";

export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { db, secret, publicUrl, localUrl, newId, goesOnPaying, log } = options;
  const auth = betterAuth({
    secret,
    baseURL: publicUrl ?? localUrl,
    basePath: "/api/auth",
    database: drizzleAdapter(db, {
      provider: "pg",
      usePlural: true,
      schema: { users, sessions, accounts, verifications, organizations, members, invitations },
      transaction: true,
    }),
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    plugins: [
      organization({
        organizationHooks: {
          beforeDeleteOrganization: async ({ organization: { id } }) => {
            if (!(await goesOnPaying(id))) return;
            const message = "This organization pays through Stripe: cancel its subscription there first.";
            throw new APIError("CONFLICT", { code: "PAYS_THROUGH_STRIPE", message });
          },
        },
      }),
    ],
    // The header that is trusted here can only be set by the browser itself, never by a page.
    trustedOrigins: (request) => {
      const own = request !== undefined && fromOwnPages((name) => request.headers.get(name), publicUrl);
      return own ? [request.headers.get("origin")] : [];
    },
    rateLimit: {
      enabled: true,
      window: 10,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 30 },
        "/sign-up/email": { window: 60, max: 30 },
      },
    },
    advanced: {
      // Said, because their defaults are off wherever NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: "gantry",
      useSecureCookies: publicUrl?.startsWith("https:") ?? false,
      defaultCookieAttributes: { sameSite: "strict", httpOnly: true },
      database: { generateId: () => newId() },
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    databaseHooks: {
      user: {
        create: { after: async (user) => void (await createPersonalWorkspace({ db, newId }, user.id)) },
      },
    },
    telemetry: { enabled: false },
    logger: { level: "warn", log: (level, message, error) => log(level, message, error) },
    // Its own answers stay answers. What it did not foresee is thrown to the server, which keeps it out of the answer.
    onAPIError: { throw: true },
  });
  const context = await auth.$context;

  return {
    handler: auth.handler,
    sessionCookieName: context.authCookies.sessionToken.name,
    async createPerson({ name, email, password }) {
      // Not the endpoint for signing up: that would also begin a session.
      const user = await context.internalAdapter.createUser(
        { name, email, emailVerified: true },
        { method: "email-password" },
      );
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: "credential",
        accountId: user.id,
        password: await context.password.hash(password),
      });
      return user.id;
    },
    async findPerson(email) {
      const found = await context.internalAdapter.findUserByEmail(email);
      return found?.user.id ?? null;
    },
    async setPassword(userId, password) {
      await context.internalAdapter.updatePassword(userId, await context.password.hash(password));
    },
    async createOrganization({ name, slug, ownerId }) {
      const created = await auth.api.createOrganization({ body: { name, slug, userId: ownerId } });
      return created.id;
    },
  };
}
