import type { UserAgentApi } from "../agent/user-agent-api.ts";
import { pushAccess } from "../auth/access.ts";
import { authenticate } from "../auth/authenticate.ts";
import type { Caller, Principal } from "../auth/principal.ts";
import type { Env } from "../env.ts";
import { MargayError, type Result, unwrap } from "../errors.ts";
import { userAgent } from "../stubs.ts";

export const callerOf = (principal: Principal): Caller => ({
  userId: principal.userId,
  authVersion: principal.authVersion,
  via: principal.via,
  role: principal.role,
  expiresAt: principal.expiresAt,
});

/**
 * Calls the principal's own object. When the object knows of a newer access than the cached sign-in, or of none yet
 * (`stale_principal`), the request is authenticated again, once, from D1, and the object is told what D1 says: a revoked key or a
 * suspended user ends here with 401.
 */
export async function withAgent<T>(
  context: { env: Env; request: Request; principal: Principal },
  call: (agent: UserAgentApi, caller: Caller) => Promise<Result<T>>,
): Promise<T> {
  const { env, principal } = context;
  const result = await call(userAgent(env, principal.userId), callerOf(principal));
  if (result.ok || result.error.code !== "stale_principal") return unwrap(result);
  const fresh = await authenticate(context.request, env, { fresh: true });
  if (!fresh || fresh.userId !== principal.userId) throw new MargayError("unauthorized", "Sign in again.");
  await pushAccess(env, fresh.userId);
  return unwrap(await call(userAgent(env, fresh.userId), callerOf(fresh)));
}
