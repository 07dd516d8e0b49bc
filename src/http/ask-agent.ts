import type { OperationInput, OperationName, OperationOutput } from "../agent/operations.ts";
import type { Principal } from "../auth/principal.ts";
import type { Env } from "../env.ts";
import { withAgent } from "./with-agent.ts";

/** Asks the principal's own object for one of its operations. */
export async function askAgent<Name extends OperationName>(
  context: { env: Env; request: Request; principal: Principal },
  name: Name,
  input: OperationInput<Name>,
): Promise<OperationOutput<Name>> {
  const output = await withAgent(context, (agent, caller) => agent.ask(caller, name, input));
  // The object answers a name with that name's output; types do not cross the call between Worker and object.
  return output as OperationOutput<Name>;
}
