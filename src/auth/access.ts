import type { Access } from "../agent/shapes.ts";
import { database } from "../db/database.ts";
import { findUser, type UserRow } from "../db/users.ts";
import type { Env } from "../env.ts";
import { userAgent } from "../stubs.ts";

const ATTEMPTS = 3;

/** What D1 says about a user, as their object keeps it. */
export const accessOf = (user: UserRow): Access => ({
  authVersion: user.authVersion,
  role: user.role,
  suspended: user.suspended,
  email: user.email,
  name: user.name,
  dayCapMicroUsd: user.dayCapMicroUsd,
  monthCapMicroUsd: user.monthCapMicroUsd,
});

/**
 * Tells a user's object what D1 says about them; nothing when the user is gone. Called after every change of access, once it is
 * committed. Throws when the object cannot be reached after some attempts: the change stands in D1, and remembered sign-ins end within a minute.
 */
export async function pushAccess(env: Env, userId: string): Promise<void> {
  const user = await findUser(await database(env), userId);
  if (user === null) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await userAgent(env, user.id).setAccess(user.id, accessOf(user));
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
