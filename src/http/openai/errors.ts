import { z } from "zod";
import { ERROR_STATUS, type ErrorCode } from "../../errors.ts";
import type { CompletionProblem } from "../../channels/openai/conversation.ts";

/** An error as OpenAI's API shows it (API reference, "Error codes"). */
export const OpenAIErrorBody = z.object({
  error: z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() }),
});
export type OpenAIErrorBody = z.infer<typeof OpenAIErrorBody>;

const typeOf = (status: number): string => {
  if (status === 401) return "authentication_error";
  if (status === 403) return "permission_error";
  if (status === 402) return "insufficient_quota";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
};

export const openAIError = (status: number, message: string, code: string | null, param: string | null = null): OpenAIErrorBody => ({
  error: { message, type: typeOf(status), param, code },
});

/** The answer to a request that cannot be done. */
export function problemResponse(problem: CompletionProblem): Response {
  const status = problem.code === "model_not_found" ? 404 : 400;
  return Response.json(openAIError(status, problem.message, problem.code, problem.param), { status });
}

/** A zod failure: the first problem, its path as OpenAI writes paths (`messages[0].role`). */
export function invalidRequestResponse(error: z.ZodError): Response {
  const issue = error.issues[0];
  const param = issue?.path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  const message = issue ? (param ? `Invalid '${param}': ${issue.message}` : issue.message) : "The body is not valid.";
  return Response.json(openAIError(400, message, "invalid_value", param || null), { status: 400 });
}

const isCode = (name: string): name is ErrorCode => Object.hasOwn(ERROR_STATUS, name);

/** The status of a run that failed, by the code in its `end` event; a failure with a code of its own kind is the model's (502). */
export function failureStatus(code: string): number {
  return isCode(code) ? ERROR_STATUS[code] : 502;
}
