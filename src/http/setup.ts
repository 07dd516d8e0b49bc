import { z } from "zod";
import { admitAttempt } from "../auth/attempts.ts";
import { Email, NewPassword, PersonName } from "../auth/fields.ts";
import { hashPassword, newAccount } from "../auth/new-account.ts";
import { ensureSetupCode, isSetupCode } from "../auth/setup-code.ts";
import { database } from "../db/database.ts";
import { createOwner } from "../db/setup.ts";
import { findOwner } from "../db/users.ts";
import { MargayError } from "../errors.ts";
import { log } from "../log.ts";
import { entered } from "./entered.ts";
import { Me } from "./me.ts";
import { defineRoute, type Route } from "./route.ts";

const alreadyOwned = () => new MargayError("gone", "This Margay is set up already. Ask its owner for an invitation.");

export const setupRoutes: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/setup",
    who: "anyone",
    tag: "Account",
    summary: "Whether this Margay still needs its owner",
    responses: {
      200: {
        description: "While it does, the one-time code is in the log unless `SETUP_CODE` is set.",
        schema: z.object({ needed: z.boolean() }),
      },
    },
    async handle({ env }) {
      const needed = (await findOwner(await database(env))) === null;
      if (needed) await ensureSetupCode(env, log);
      return { needed };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/setup",
    who: "anyone",
    tag: "Account",
    summary: "Make the owner's account with the one-time setup code",
    body: z.object({ code: z.string().min(1).max(200), name: PersonName, email: Email, password: NewPassword }),
    responses: {
      200: { description: "The owner, signed in by a cookie. Caps are 5 US dollars a day and 50 a month until changed.", schema: Me },
      403: { description: "`forbidden`: it is not the setup code." },
      410: { description: "`gone`: it is set up already." },
      429: { description: "`rate_limited`: too many attempts; `Retry-After` says how long to wait." },
    },
    async handle({ env, request, url, body }) {
      const db = await database(env);
      const now = Date.now();
      if ((await findOwner(db)) !== null) throw alreadyOwned();
      await admitAttempt(db, "setup", request, "setup", now);
      if (!(await isSetupCode(env, body.code))) throw new MargayError("forbidden", "This is not the setup code.");
      const passwordHash = await hashPassword(env, url, body.password);
      const owner = newAccount({ email: body.email, name: body.name, role: "owner", passwordHash, now });
      if (!(await createOwner(db, owner))) throw alreadyOwned();
      return entered(env, db, request, owner.userId);
    },
  }),
];
