import { type MayDeps, mayWith } from "../sandbox/may-with.ts";
import type { ToolContext } from "../tools/tool.ts";

export interface ScriptMayDeps extends MayDeps {
  /** Of the profile of the task that a turn is; null: it is none, and has all that is granted. */
  profileOf(turnId: string | null): readonly string[] | null;
}

/** Whether the caller of a program has a capability. A call that was approved has no marks, and is held to what its task may do all the same. */
export const scriptMay = ({ turnId = null, marks }: Pick<ToolContext, "turnId" | "marks">, deps: ScriptMayDeps) =>
  mayWith(deps, deps.profileOf(marks?.turnId ?? turnId) ?? marks?.profile ?? null);
