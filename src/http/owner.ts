import { z } from "zod";
import { pushAccess } from "../auth/access.ts";
import { microUsdOf, usdOf } from "../auth/default-caps.ts";
import { CapUsd } from "../auth/fields.ts";
import { newToken, tokenHash } from "../auth/one-time-token.ts";
import { requireMayManage, requirePerson } from "../auth/manage.ts";
import { Role } from "../auth/principal.ts";
import { database } from "../db/database.ts";
import type { Database } from "../db/database.ts";
import { deleteInvitationsBy } from "../db/invitations.ts";
import { deletePasswordResetsBy, deletePasswordResetsOf, putPasswordReset } from "../db/password-resets.ts";
import { deleteApiKeysOf, deleteSessionsOf, deleteUser, findUser, listUsersWithCost, updateAccess, type UserRow } from "../db/users.ts";
import { MargayError } from "../errors.ts";
import { userAgent } from "../stubs.ts";
import { invitationRoutes } from "./invitations.ts";
import { linkTo } from "./link.ts";
import { releaseBots } from "./telegram/release-bots.ts";
import { defineRoute, type Route } from "./route.ts";

const RESET_MS = 24 * 60 * 60_000;

/** A user as the Owner page shows them. Instants are UTC milliseconds, amounts US dollars. */
export const ManagedUser = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  suspended: z.boolean(),
  created_at: z.number().int(),
  /** To within some minutes; null: never. */
  last_active_at: z.number().int().nullable(),
  day_cap_usd: z.number().nullable(),
  month_cap_usd: z.number().nullable(),
});

const ListedUser = ManagedUser.extend({
  /** Of the UTC day and month. Calls whose price is not known count as nothing. */
  cost_today_usd: z.number(),
  cost_month_usd: z.number(),
});

const viewOf = (user: UserRow): z.infer<typeof ManagedUser> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  suspended: user.suspended,
  created_at: user.createdAt.getTime(),
  last_active_at: user.lastActiveAt?.getTime() ?? null,
  day_cap_usd: usdOf(user.dayCapMicroUsd),
  month_cap_usd: usdOf(user.monthCapMicroUsd),
});

const UserParams = z.object({ id: z.string().min(1).max(64) });

const UserPatch = z
  .object({
    role: z.enum(["admin", "user"]).optional(),
    suspended: z.boolean().optional(),
    day_cap_usd: CapUsd.optional(),
    month_cap_usd: CapUsd.optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), "names nothing to change");

/** Statements for a `db.batch()`: every open link that a user handed out is not valid any more. */
const linksBy = (db: Database, userId: string) => [deleteInvitationsBy(db, userId), deletePasswordResetsBy(db, userId)];

async function existing(db: Database, id: string): Promise<UserRow> {
  const user = await findUser(db, id);
  if (user === null) throw new MargayError("not_found", "There is no such user.");
  return user;
}

export const ownerRoutes: Route[] = [
  ...invitationRoutes,
  defineRoute({
    method: "GET",
    path: "/api/v1/users",
    who: "admin",
    tag: "Users",
    summary: "Everyone, with what they cost",
    responses: { 200: { description: "Oldest first.", schema: z.object({ users: z.array(ListedUser) }) } },
    async handle({ env }) {
      const rows = await listUsersWithCost(await database(env), Date.now());
      const users = rows.map((row) => ({
        ...viewOf(row),
        cost_today_usd: row.todayMicroUsd / 1_000_000,
        cost_month_usd: row.monthMicroUsd / 1_000_000,
      }));
      return { users };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/users/{id}/reset-link",
    who: "admin",
    tag: "Users",
    summary: "Make a one-time link that sets a new password",
    params: UserParams,
    bodyKind: "none",
    responses: {
      200: {
        description: "Valid once, for 24 hours; an earlier link of this user is not valid any more.",
        schema: z.object({ link: z.string(), expires_at: z.number().int() }),
      },
      404: { description: "`not_found`" },
    },
    async handle({ env, url, params, principal }) {
      requirePerson(principal);
      const db = await database(env);
      const user = await existing(db, params.id);
      requireMayManage(principal, user, "reset_password");
      const token = newToken();
      const now = Date.now();
      const expiresAt = now + RESET_MS;
      await putPasswordReset(db, { tokenHash: await tokenHash(token), userId: user.id, createdBy: principal.userId, now, expiresAt });
      return { link: linkTo(env, url, "/reset", token), expires_at: expiresAt };
    },
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/users/{id}",
    who: "admin",
    tag: "Users",
    summary: "Change a user's role, caps or suspension",
    params: UserParams,
    body: UserPatch,
    responses: {
      200: { description: "The user after the change. It holds at once, for open sessions and keys too.", schema: ManagedUser },
      404: { description: "`not_found`" },
    },
    async handle({ env, params, body, principal }) {
      const db = await database(env);
      const user = await existing(db, params.id);
      if (body.role !== undefined) requirePerson(principal);
      if (body.role !== undefined) requireMayManage(principal, user, "set_role");
      if (body.suspended !== undefined) requireMayManage(principal, user, "suspend");
      if (body.day_cap_usd !== undefined || body.month_cap_usd !== undefined) requireMayManage(principal, user, "set_caps");
      const change = updateAccess(
        db,
        user.id,
        {
          role: body.role,
          suspended: body.suspended,
          dayCapMicroUsd: body.day_cap_usd === undefined ? undefined : microUsdOf(body.day_cap_usd),
          monthCapMicroUsd: body.month_cap_usd === undefined ? undefined : microUsdOf(body.month_cap_usd),
        },
        Date.now(),
      );
      const [[changed]] = await db.batch([
        change,
        ...(body.suspended === true ? [deleteSessionsOf(db, user.id)] : []),
        // Who may not manage any more leaves no door open behind them.
        ...(body.suspended === true || body.role === "user" ? linksBy(db, user.id) : []),
        // An admin's link for a user would be one for an admin now.
        ...(body.role === undefined ? [] : [deletePasswordResetsOf(db, user.id)]),
      ]);
      if (changed === undefined) throw new MargayError("not_found", "There is no such user.");
      await pushAccess(env, user.id);
      return viewOf(changed);
    },
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/users/{id}",
    who: "admin",
    tag: "Users",
    summary: "Remove a user and everything that is theirs",
    params: UserParams,
    bodyKind: "none",
    responses: {
      204: { description: "The account, its conversation, to-dos, secrets and files are deleted. This cannot be undone." },
      404: { description: "`not_found`" },
    },
    async handle({ env, params, principal }) {
      const db = await database(env);
      const user = await existing(db, params.id);
      requireMayManage(principal, user, "remove");
      // Locked out first: nothing of theirs may start again while it is deleted. After a failure in between, remove them again.
      await db.batch([
        updateAccess(db, user.id, { suspended: true }, Date.now()),
        deleteSessionsOf(db, user.id),
        deleteApiKeysOf(db, user.id),
        ...linksBy(db, user.id),
      ]);
      await pushAccess(env, user.id);
      await releaseBots(env, user.id);
      await userAgent(env, user.id).destroy(user.id);
      await deleteUser(db, user.id);
      return null;
    },
  }),
];
