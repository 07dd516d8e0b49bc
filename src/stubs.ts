import type { Env } from "./env.ts";

/**
 * The only place that names objects. The name of a user's object is the verified user id and nothing else: pass
 * `principal.userId` or an id read from D1, never anything from a request.
 */
export const userAgent = (env: Env, verifiedUserId: string) => env.USER_AGENT.getByName(verifiedUserId);

/** The executor of one task of a user. */
export const executor = (env: Env, verifiedUserId: string, taskId: string) => env.EXECUTOR.getByName(`${verifiedUserId}/${taskId}`);

/** The container of one task or conversation of a user; null: this deployment has none. */
export const sandboxContainer = (env: Env, verifiedUserId: string, session: string) =>
  env.SANDBOX?.getByName(`${verifiedUserId}/${session}`) ?? null;

/** One object for the whole deployment. */
export const keyring = (env: Env) => env.KEYRING.getByName("keyring");
