import type { UserAgentApi } from "../agent/user-agent-api.ts";
import { pushAccess } from "../auth/access.ts";
import type { Caller, Via } from "../auth/principal.ts";
import { database } from "../db/database.ts";
import { findUser } from "../db/users.ts";
import type { Env } from "../env.ts";
import { MargayError, type Result, unwrap } from "../errors.ts";
import { userAgent } from "../stubs.ts";

/** A user that something else than their own sign-in speaks for: an owner's service key, a signature. Made only from D1. */
export interface NamedUser {
  caller: Caller;
}

/** The user of an id that a verified sender named, as D1 has them now; null: there is none, or they are suspended. */
export async function namedUser(env: Env, userId: string, via: Via): Promise<NamedUser | null> {
  const row = await findUser(await database(env), userId);
  if (!row || row.suspended) return null;
  return { caller: { userId: row.id, authVersion: row.authVersion, via, role: row.role } };
}

/**
 * Calls a named user's object. When the object does not know their access yet, or knows of a newer one, it is told what D1 says and the call is
 * repeated once.
 */
export async function withNamedAgent<T>(
  env: Env,
  { caller }: NamedUser,
  call: (agent: UserAgentApi, caller: Caller) => Promise<Result<T>>,
): Promise<T> {
  const result = await call(userAgent(env, caller.userId), caller);
  if (result.ok || result.error.code !== "stale_principal") return unwrap(result);
  const fresh = await namedUser(env, caller.userId, caller.via);
  if (!fresh) throw new MargayError("unauthorized", "This user cannot be reached now.");
  await pushAccess(env, caller.userId);
  return unwrap(await call(userAgent(env, caller.userId), fresh.caller));
}
