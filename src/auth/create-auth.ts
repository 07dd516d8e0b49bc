import { apiKey } from "@better-auth/api-key";
import { createAuthEndpoint } from "@better-auth/core/api";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { setSessionCookie } from "better-auth/cookies";
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthPlugin } from "better-auth";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import * as schema from "../db/schema.ts";
import { deleteExpiredSessions } from "../db/sessions.ts";
import { findUser } from "../db/users.ts";
import { API_KEY_PREFIX } from "./credential.ts";

/** How long a session lasts without being used; it is prolonged at most once a day. */
export const SESSION_DAYS = 30;
const DAY_S = 24 * 60 * 60;

/**
 * Endpoints of our own, callable from our code only (`serverOnly`: no path): a session for a user whom one of our one-time codes
 * proved, and a longer one for a session that is in use.
 */
const ownSessions = {
  id: "margay-sessions",
  endpoints: {
    startSession: createAuthEndpoint.serverOnly({ method: "POST", body: z.object({ userId: z.string() }) }, async (ctx) => {
      const user = await ctx.context.internalAdapter.findUserById(ctx.body.userId);
      const session = user && (await ctx.context.internalAdapter.createSession(user.id));
      if (!session) return ctx.json({ started: false });
      await setSessionCookie(ctx, { session, user });
      return ctx.json({ started: true });
    }),
    renewSession: createAuthEndpoint.serverOnly({ method: "POST", body: z.object({ token: z.string() }) }, async (ctx) => {
      const found = await ctx.context.internalAdapter.findSession(ctx.body.token);
      if (!found) return ctx.json({ renewed: false });
      const now = Date.now();
      const session = await ctx.context.internalAdapter.updateSession(ctx.body.token, {
        expiresAt: new Date(now + SESSION_DAYS * DAY_S * 1000),
        updatedAt: new Date(now),
      });
      if (session) await setSessionCookie(ctx, { session, user: found.user });
      return ctx.json({ renewed: session !== null });
    }),
  },
} satisfies BetterAuthPlugin;

/**
 * better-auth on D1. Its HTTP handler is never mounted: our routes call `auth.api.*` and pass its `Set-Cookie` on. Nothing in it uses the
 * network. `secure` decides the cookie: `__Secure-margay.session_token` with `Secure` for https, without both for plain http.
 */
export function createAuth(db: Database, secret: string, secure: boolean) {
  return betterAuth({
    appName: "Margay",
    // Both are ours alone: given here, the library reads neither BETTER_AUTH_URL nor BETTER_AUTH_SECRETS.
    baseURL: secure ? "https://margay.invalid" : "http://margay.invalid",
    secrets: [{ version: 1, value: secret }],
    secret,
    database: drizzleAdapter(db, { provider: "sqlite", schema }),
    // A refused sign-in is an answer, not an event for the log, and messages may hold an address.
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_DAYS * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
    user: {
      additionalFields: {
        role: { type: "string", input: false },
        suspended: { type: "boolean", input: false },
        authVersion: { type: "number", input: false },
        dayCapMicroUsd: { type: "number", input: false, required: false },
        monthCapMicroUsd: { type: "number", input: false, required: false },
        lastActiveAt: { type: "date", input: false, required: false },
      },
    },
    advanced: {
      cookiePrefix: "margay",
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { disableIpTracking: true },
      database: { validateSchema: false },
    },
    // The last door: whatever code path asks, a suspended user gets no session. And the moment to sweep out their old ones.
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const user = await findUser(db, session.userId);
            await deleteExpiredSessions(db, session.userId, Date.now());
            return user !== null && !user.suspended;
          },
        },
      },
    },
    plugins: [
      // Only makes keys. `authenticate()` verifies them itself, so that a call costs no write.
      apiKey(
        (["default", "service"] as const).map((configId) => ({
          configId,
          defaultPrefix: API_KEY_PREFIX,
          enableMetadata: true,
          requireName: true,
          maximumNameLength: 100,
          startingCharactersConfig: { shouldStore: true, charactersLength: 8 },
          rateLimit: { enabled: false },
        })),
      ),
      ownSessions,
    ],
  });
}

export type Auth = ReturnType<typeof createAuth>;
