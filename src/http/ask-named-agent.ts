import type { OperationInput, OperationName, OperationOutput } from "../agent/operations.ts";
import type { Env } from "../env.ts";
import { MargayError } from "../errors.ts";
import { retrying } from "./retrying.ts";
import { namedUser, withNamedAgent } from "./with-named-agent.ts";

/**
 * Asks the object of a user whom something signed names, for who is not signed in. null: there is no such user, they may not use their agent now, or their object refuses whoever asks: a stranger learns nothing of which.
 */
export async function askNamedAgent<Name extends OperationName>(
  env: Env,
  userId: string,
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name> | null> {
  const user = await namedUser(env, userId, "api_key");
  if (!user) return null;
  try {
    const output = await retrying(() => withNamedAgent(env, user, (agent, caller) => agent.ask(caller, name, input)));
    // The object answers a name with that name's output; types do not cross the call between Worker and object.
    return output as OperationOutput<Name>;
  } catch (error) {
    if (error instanceof MargayError && ["suspended", "forbidden", "unauthorized"].includes(error.code)) return null;
    throw error;
  }
}
