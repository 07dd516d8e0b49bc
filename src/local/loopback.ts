import { findOwner } from "../db/users.ts";
import { createOwner } from "../db/setup.ts";
import { database } from "../db/database.ts";
import { newAccount } from "../auth/new-account.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { entered } from "../http/entered.ts";
import { Me } from "../http/me.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { isLoopbackRequest } from "./is-loopback-request.ts";

/**
 * The sign-in of `npm start`: whoever sits at this machine is the owner. Only `src/worker.local.ts` puts this route into the table; the
 * deployed Worker's bundle does not hold it, so nothing in a request or a setting can make it answer there.
 */
export const loopbackRoutes: Route[] = [
  defineRoute({
    method: "POST",
    path: "/api/v1/auth/loopback",
    who: "anyone",
    tag: "Account",
    summary: "Sign in as the owner, from this machine only",
    bodyKind: "none",
    responses: { 200: { description: "The owner, signed in by a cookie.", schema: Me } },
    async handle({ env, request }) {
      if (!isLoopbackRequest(request)) throw new MargayError("forbidden", "Only a browser on this machine may sign in this way.");
      return entered(env, await database(env), request, await localOwner(env));
    },
  }),
];

/** The owner's id; makes `owner@localhost`, an account without a password, where nobody owns this Margay yet. */
async function localOwner(env: Env): Promise<string> {
  const db = await database(env);
  const owner = await findOwner(db);
  if (owner) return owner.id;
  await createOwner(db, newAccount({ email: "owner@localhost", name: "Owner", role: "owner", passwordHash: null, now: Date.now() }));
  const made = await findOwner(db);
  if (made === null) throw new Error("the owner was not made");
  return made.id;
}
