import { z } from "zod";
import { admitAttempt } from "../auth/attempts.ts";
import { DEFAULT_DAY_CAP_MICRO_USD, DEFAULT_MONTH_CAP_MICRO_USD, usdOf } from "../auth/default-caps.ts";
import { Email, LinkToken, NewPassword, OptionalName, PersonName } from "../auth/fields.ts";
import { hashPassword, newAccount } from "../auth/new-account.ts";
import { requirePerson } from "../auth/manage.ts";
import { newToken, tokenHash } from "../auth/one-time-token.ts";
import { database } from "../db/database.ts";
import {
  acceptInvitation,
  deleteInvitation,
  findOpenInvitation,
  type InvitationRow,
  openInvitations,
  putInvitation,
} from "../db/invitations.ts";
import { findUserByEmail } from "../db/users.ts";
import { MargayError } from "../errors.ts";
import { entered } from "./entered.ts";
import { linkTo } from "./link.ts";
import { Me } from "./me.ts";
import { defineRoute, type Route } from "./route.ts";

const INVITATION_MS = 7 * 24 * 60 * 60_000;

/** An invitation that was not accepted yet. Instants are UTC milliseconds. */
export const InvitationView = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(["admin", "user"]),
  created_at: z.number().int(),
  expires_at: z.number().int(),
});

const viewOf = (row: InvitationRow): z.infer<typeof InvitationView> => ({
  // The hash of 256 random bits: it names the invitation and opens nothing.
  id: row.tokenHash,
  email: row.email,
  name: row.name,
  role: row.role,
  created_at: row.createdAt.getTime(),
  expires_at: row.expiresAt.getTime(),
});

/** Unknown, used, withdrawn and expired are one answer. */
const notOpen = () => new MargayError("gone", "This invitation is not valid any more. Ask for a new one.");

/** Making, listing and withdrawing invitations: owner and admins. */
export const invitationRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/users/invitations",
    who: "admin",
    tag: "Users",
    summary: "Invite somebody by a one-time link",
    body: z.object({
      email: Email,
      name: OptionalName.default(""),
      role: z.enum(["admin", "user"]).default("user").describe("Only the owner may invite an admin."),
    }),
    responses: {
      200: {
        description: "The link is in this answer and never again; valid once, for 7 days. The caps are what the new account begins with.",
        schema: InvitationView.extend({ link: z.string(), day_cap_usd: z.number().nullable(), month_cap_usd: z.number().nullable() }),
      },
      409: { description: "`conflict`: there is an account with this email already." },
    },
    async handle({ env, url, body, principal }) {
      if (body.role === "admin") requirePerson(principal);
      if (body.role === "admin" && principal.role !== "owner") throw new MargayError("forbidden", "Only the owner may invite an admin.");
      const db = await database(env);
      if ((await findUserByEmail(db, body.email)) !== null)
        throw new MargayError("conflict", "There is an account with this email already.");
      const token = newToken();
      const hash = await tokenHash(token);
      const now = Date.now();
      const expiresAt = now + INVITATION_MS;
      const of = { tokenHash: hash, ...body, createdBy: principal.userId, now, expiresAt };
      if (!(await putInvitation(db, of, { replaceAdmins: principal.role === "owner" })))
        throw new MargayError("forbidden", "The owner has invited them as an admin. Only the owner may change that.");
      return {
        id: hash,
        ...body,
        created_at: now,
        expires_at: expiresAt,
        link: linkTo(env, url, "/invite", token),
        day_cap_usd: usdOf(DEFAULT_DAY_CAP_MICRO_USD),
        month_cap_usd: usdOf(DEFAULT_MONTH_CAP_MICRO_USD),
      };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/users/invitations",
    who: "admin",
    tag: "Users",
    summary: "Invitations that are still open",
    responses: { 200: { description: "Newest first.", schema: z.object({ invitations: z.array(InvitationView) }) } },
    async handle({ env }) {
      return { invitations: (await openInvitations(await database(env), Date.now())).map(viewOf) };
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/users/invitations/{id}",
    who: "admin",
    tag: "Users",
    summary: "Withdraw an invitation",
    params: z.object({ id: z.string().min(1).max(64) }),
    bodyKind: "none",
    responses: { 204: { description: "Its link is not valid any more." }, 404: { description: "`not_found`" } },
    async handle({ env, params, principal }) {
      const db = await database(env);
      const invitation = await findOpenInvitation(db, params.id, Date.now());
      if (invitation?.role === "admin" && principal.role !== "owner") throw new MargayError("forbidden", "Only the owner may do this.");
      if (!(await deleteInvitation(db, params.id))) throw new MargayError("not_found", "There is no such invitation.");
      return null;
    },
  }),
];

/** Looking at an invitation and accepting it: whoever has the link. */
export const invitationLinkRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/invitations/lookup",
    who: "anyone",
    tag: "Account",
    summary: "Whom an invitation is for",
    body: z.object({ token: LinkToken }),
    responses: {
      200: { description: "It can be accepted.", schema: z.object({ email: z.string(), name: z.string() }) },
      410: { description: "`gone`: the link was used, taken back or ended." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, body }) {
      const db = await database(env);
      const now = Date.now();
      await admitAttempt(db, "invitation", request, body.token, now);
      const invitation = await findOpenInvitation(db, await tokenHash(body.token), now);
      if (invitation === null) throw notOpen();
      return { email: invitation.email, name: invitation.name };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/invitations/accept",
    who: "anyone",
    tag: "Account",
    summary: "Accept an invitation: make your account",
    body: z.object({ token: LinkToken, name: PersonName, password: NewPassword }),
    responses: {
      200: { description: "You, signed in by a cookie. Caps are 5 US dollars a day and 50 a month until changed.", schema: Me },
      410: { description: "`gone`: the link was used, taken back or ended." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, url, body }) {
      const db = await database(env);
      const now = Date.now();
      await admitAttempt(db, "invitation", request, body.token, now);
      const hash = await tokenHash(body.token);
      const invitation = await findOpenInvitation(db, hash, now);
      if (invitation === null || (await findUserByEmail(db, invitation.email)) !== null) throw notOpen();
      const passwordHash = await hashPassword(env, url, body.password);
      const account = newAccount({ email: invitation.email, name: body.name, role: invitation.role, passwordHash, now });
      if (!(await acceptInvitation(db, hash, account))) throw notOpen();
      return entered(env, db, request, account.userId);
    },
  }),
];
