import { authenticate } from "../auth/authenticate.ts";
import type { Principal } from "../auth/principal.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import type { AgentCall } from "./answered.ts";
import { namedUser, withNamedAgent } from "./with-named-agent.ts";
import { withAgent } from "./with-agent.ts";

/** Whose agent a request is for, and the way to it. */
export interface Speaker {
  userId: string;
  call: AgentCall;
}

/**
 * The user that a body names, by the rule of the design: their own id, or any user's for an owner's service key. Everything else is one and the same
 * `forbidden`, whether or not that user exists.
 */
export async function speakerFor(
  context: { env: Env; request: Request; principal: Principal },
  named: string | undefined,
  field: string,
): Promise<Speaker> {
  const { env, principal } = context;
  if (named === undefined || named === principal.userId) return { userId: principal.userId, call: (work) => withAgent(context, work) };
  // The named user's object knows nothing of this key, so a revoked one must end here.
  if (principal.via === "service_key" && !(await authenticate(context.request, env, { fresh: true })))
    throw new MargayError("unauthorized", "Sign in again.");
  const user = principal.via === "service_key" ? await namedUser(env, named, "service_key") : null;
  if (!user) throw new MargayError("forbidden", `${field} must be your own id.`);
  return { userId: user.caller.userId, call: (work) => withNamedAgent(env, user, work) };
}
