import { canonical } from "../permission/canonical.ts";
import type { ToolOutcome } from "../tools/compiled-tool.ts";

/** So many steps in a row that ask for the same and get the same are a circle. */
export const LOOP_STEPS = 3;

type Call = Pick<ToolOutcome, "status" | "output"> & { tool: string; input: unknown };

/** Whether the last steps made the same calls, by tool and canonical arguments, with the same results: the next one would be no different. */
export function isLoop(steps: readonly { calls: readonly Call[] }[]): boolean {
  if (steps.length < LOOP_STEPS) return false;
  const [first, ...others] = steps.slice(-LOOP_STEPS).map(({ calls }) => signature(calls));
  return first !== "" && others.every((other) => other === first);
}

/** Each call once: asking twice for the same in one step is no news either. An approval has an id of its own, so of one that waits only that counts. */
const signature = (calls: readonly Call[]): string =>
  [
    ...new Set(
      calls.map(({ tool, input, status, output }) =>
        canonical([tool, input ?? null, status, status === "waiting" ? null : (output ?? null)]),
      ),
    ),
  ]
    .toSorted()
    .join("\n");
