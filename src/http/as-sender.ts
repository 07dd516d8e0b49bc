import type { UserAgentApi } from "../agent/user-agent-api.ts";
import { pushAccess } from "../auth/access.ts";
import type { Caller } from "../auth/principal.ts";
import type { Env } from "../env.ts";
import type { Result } from "../errors.ts";
import { userAgent } from "../stubs.ts";
import { retrying } from "./retrying.ts";

/** Calls the agent of a linked sender, telling it once more who that is if it does not know. */
export async function asSender<T>(
  env: Env,
  userId: string,
  call: (agent: UserAgentApi, caller: Caller) => Promise<Result<T>>,
): Promise<Result<T>> {
  const caller: Caller = { userId, authVersion: 0, via: "channel", role: "user" };
  const agent: UserAgentApi = userAgent(env, userId);
  const result = await retrying(() => call(agent, caller));
  if (result.ok || result.error.code !== "stale_principal") return result;
  // The object has no record of this user's access yet: D1 has it.
  await pushAccess(env, userId);
  return retrying(() => call(agent, caller));
}
