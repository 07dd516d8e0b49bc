import { covers } from "../permission/capability.ts";
import type { Policy } from "../permission/decide.ts";
import type { ToolContext } from "../tools/tool.ts";

export interface ScriptMayDeps {
  granted(): readonly string[];
  policy(tool: string): Policy | null;
  /** Of the profile of the task that a turn is; null: it is none, and has all that is granted. */
  profileOf(turnId: string | null): readonly string[] | null;
}

/** Whether the caller of a program has a capability, as the user's switch of the tool it belongs to lets it. A call that was approved has no marks, and is held to what its task may do all the same. */
export function scriptMay({ turnId = null, marks }: Pick<ToolContext, "turnId" | "marks">, deps: ScriptMayDeps) {
  const profile = deps.profileOf(marks?.turnId ?? turnId) ?? marks?.profile ?? null;
  return (needed: string, tool: string): boolean =>
    deps.policy(tool) === null &&
    deps.granted().some((have) => covers(have, needed)) &&
    (profile === null || profile.some((have) => covers(have, needed)));
}
