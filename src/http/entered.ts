import { pushAccess } from "../auth/access.ts";
import { enter, withCookies } from "../auth/enter.ts";
import type { Database } from "../db/database.ts";
import { findUser } from "../db/users.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { meOf } from "./me.ts";

/** Tells the user's object about their access, signs them in and answers who they are, with the cookie of a new session. */
export async function entered(env: Env, db: Database, request: Request, userId: string): Promise<Response> {
  await pushAccess(env, userId);
  const cookies = await enter(env, request, userId);
  const user = await findUser(db, userId);
  if (user === null) throw new MargayError("unauthorized", "This account was removed.");
  return withCookies(meOf(env, user, "session"), cookies);
}
