import { covers } from "../permission/capability.ts";
import type { Policy } from "../permission/decide.ts";

export interface MayDeps {
  /** What the user's agent is granted. */
  granted(): readonly string[];
  /** What the user set for a tool. */
  policy(tool: string): Policy | null;
}

/** Whether a program has a capability, as the user's switch of the tool it belongs to lets it. `capabilities`: those of its caller; null: all that is granted. */
export const mayWith =
  ({ granted, policy }: MayDeps, capabilities: readonly string[] | null) =>
  (needed: string, tool: string): boolean =>
    policy(tool) === null &&
    granted().some((have) => covers(have, needed)) &&
    (capabilities === null || capabilities.some((have) => covers(have, needed)));
