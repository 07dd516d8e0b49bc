import type { z } from "zod";
import { MargayError } from "../errors.ts";
import type { CommandContext } from "./command.ts";

/** What a tool answers a command, through the same gate as the model's calls. A refusal, such as a question that asks back, is thrown and is the command's answer. */
export async function toolAnswer<Schema extends z.ZodType>(
  name: string,
  input: Record<string, unknown>,
  schema: Schema,
  context: CommandContext,
): Promise<z.output<Schema>> {
  const { output, summary, status } = await context.ports.callTool(name, input);
  if (status !== "done") throw new MargayError(status === "denied" ? "forbidden" : "invalid_request", summary);
  return schema.parse(output);
}
