import type { NewAccount } from "../db/new-account.ts";
import type { Env } from "../env.ts";
import { betterAuthOf } from "./better-auth.ts";
import { DEFAULT_DAY_CAP_MICRO_USD, DEFAULT_MONTH_CAP_MICRO_USD } from "./default-caps.ts";
import type { Role } from "./principal.ts";

/** Hashes a password the way better-auth's sign-in verifies it (salted scrypt). */
export async function hashPassword(env: Env, url: URL, password: string): Promise<string> {
  const context = await (await betterAuthOf(env, url)).$context;
  return context.password.hash(password);
}

export async function isPassword(env: Env, url: URL, hash: string, password: string): Promise<boolean> {
  const context = await (await betterAuthOf(env, url)).$context;
  return context.password.verify({ hash, password });
}

/** An account with new ids and the default caps. */
export const newAccount = <R extends Role>(of: {
  email: string;
  name: string;
  role: R;
  passwordHash: string | null;
  now: number;
}): NewAccount & { role: R } => ({
  ...of,
  userId: crypto.randomUUID(),
  accountId: crypto.randomUUID(),
  dayCapMicroUsd: DEFAULT_DAY_CAP_MICRO_USD,
  monthCapMicroUsd: DEFAULT_MONTH_CAP_MICRO_USD,
});
