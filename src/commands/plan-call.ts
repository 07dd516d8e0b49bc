import { MargayError } from "../errors.ts";
import type { CommandContext } from "./command.ts";

/** The tool that changes plans, for a command, through the same gate as the model's calls. */
export async function changePlan(input: Record<string, unknown>, context: CommandContext): Promise<unknown> {
  const { output, summary, status } = await context.ports.callTool("change_plan", input);
  if (status === "waiting") throw new MargayError("conflict", "You want to be asked before every change of a plan: see /approvals.");
  if (status !== "done") throw new MargayError(status === "denied" ? "forbidden" : "invalid_request", summary);
  return output;
}
