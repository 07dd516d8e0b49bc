import { z } from "zod";
import { pushAccess } from "../auth/access.ts";
import { admitAttempt, forgetAttempts } from "../auth/attempts.ts";
import { credentialOf } from "../auth/credential.ts";
import { withCookies } from "../auth/enter.ts";
import { Email, EnteredPassword, NewPassword } from "../auth/fields.ts";
import { hashPassword, isPassword } from "../auth/new-account.ts";
import { clearedCookie, renewedCookie, signIn } from "../auth/session.ts";
import { database } from "../db/database.ts";
import { deleteSession } from "../db/sessions.ts";
import { bumpAuthVersion, deleteSessionsOf, findUser, passwordHashOf, setPasswordHash } from "../db/users.ts";
import { MargayError } from "../errors.ts";
import { entered } from "./entered.ts";
import { invitationLinkRoutes } from "./invitations.ts";
import { Me, meOf } from "./me.ts";
import { passwordResetRoutes } from "./password-resets.ts";
import { defineRoute, type Route } from "./route.ts";

export const accountRoutes: Route[] = [
  ...invitationLinkRoutes,
  ...passwordResetRoutes,
  defineRoute({
    method: "POST",
    path: "/api/v1/auth/sign-in",
    who: "anyone",
    tag: "Account",
    summary: "Sign in with email and password",
    body: z.object({ email: Email, password: EnteredPassword }),
    responses: {
      200: { description: "Who you are; the session is in a cookie.", schema: Me },
      401: { description: "`unauthorized`: no account has this email and password." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, body }) {
      const db = await database(env);
      await admitAttempt(db, "sign-in", request, body.email, Date.now());
      const { userId, cookies } = await signIn(env, request, body.email, body.password);
      await forgetAttempts(db, "sign-in", request, body.email);
      const user = await findUser(db, userId);
      if (user === null) throw new MargayError("unauthorized", "This account was removed.");
      return withCookies(meOf(env, user, "session"), cookies);
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/auth/sign-out",
    who: "session",
    tag: "Account",
    summary: "End this session",
    bodyKind: "none",
    responses: {
      200: { description: "The cookie is gone and no longer valid anywhere.", schema: z.object({ signed_out: z.literal(true) }) },
    },
    async handle({ env, request, principal }) {
      const db = await database(env);
      await db.batch([deleteSession(db, principal.userId, principal.credentialId ?? ""), bumpAuthVersion(db, principal.userId)]);
      await pushAccess(env, principal.userId);
      return withCookies({ signed_out: true }, await clearedCookie(env, request));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/me",
    who: "user",
    fresh: true,
    tag: "Account",
    summary: "Who you are",
    responses: { 200: { description: "A session that is in use is prolonged.", schema: Me } },
    async handle({ env, request, principal }) {
      const user = await findUser(await database(env), principal.userId);
      if (user === null) throw new MargayError("unauthorized", "This account was removed.");
      const credential = credentialOf(request);
      const cookies = credential?.kind === "session" ? await renewedCookie(env, request, credential.cookie) : new Headers();
      return withCookies(meOf(env, user, principal.via), cookies);
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/auth/password",
    who: "session",
    tag: "Account",
    summary: "Change your password",
    body: z.object({ current_password: EnteredPassword, new_password: NewPassword }),
    responses: {
      200: { description: "Every other session ended; this one goes on under a new cookie. API keys stay.", schema: Me },
      409: { description: "`not_configured`: this account has no password." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, url, body, principal }) {
      const db = await database(env);
      const now = Date.now();
      const { userId } = principal;
      await admitAttempt(db, "password", request, userId, now);
      const hash = await passwordHashOf(db, userId);
      if (hash === null)
        throw new MargayError("not_configured", "This account has no password. The owner can make a link that sets one on the Owner page.");
      if (!(await isPassword(env, url, hash, body.current_password)))
        throw new MargayError("forbidden", "The current password is not right.");
      await forgetAttempts(db, "password", request, userId);
      const next = await hashPassword(env, url, body.new_password);
      await db.batch([setPasswordHash(db, userId, next, now), deleteSessionsOf(db, userId), bumpAuthVersion(db, userId)]);
      return entered(env, db, request, userId);
    },
  }),
];
