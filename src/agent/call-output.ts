import type { CallOutput } from "../channels/events.ts";
import { MargayError } from "../errors.ts";
import type { ToolCallLog } from "../tools/gate-deps.ts";

/** What came of a call, from the record of calls, where it stands without secrets and as the user had it forgotten. Throws `not_found`. */
export function callOutput(id: string, calls: Pick<ToolCallLog, "get">): CallOutput {
  const row = calls.get(id);
  if (row === null) throw new MargayError("not_found", "There is no such call, or it was too long ago.");
  const { state, output, untrusted } = row;
  return {
    id,
    status: state === "executing" ? "running" : state,
    output: output === null ? null : (JSON.parse(output) as unknown),
    untrusted,
  };
}
