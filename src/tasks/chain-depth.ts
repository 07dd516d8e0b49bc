/** Tasks that may begin one another by themselves, after the one that somebody asked for. */
export const MAX_CHAIN = 2;

export interface ChainDeps {
  /** The tasks whose end a turn answers. */
  endsIn(turnId: string): string[];
  /** The key by which a task was begun; null: there is no such task. */
  keyOf(taskId: string): string | null;
}

const AGAIN = "again:";

/** How many ends of tasks led to a turn by themselves, each of a task that the turn before it began. 0: somebody or something else began it. */
export function chainDepth(turnId: string, deps: ChainDeps, seen: ReadonlySet<string> = new Set()): number {
  const depths = deps.endsIn(turnId).map((taskId) => {
    const began = beganBy(taskId, deps);
    return began === null || seen.has(began) ? 1 : 1 + chainDepth(began, deps, new Set([...seen, turnId]));
  });
  return Math.max(0, ...depths);
}

/** The turn that began a task; null: a program, a schedule or an event did. */
function beganBy(taskId: string, deps: ChainDeps): string | null {
  let key = deps.keyOf(taskId);
  for (let more = 0; key?.startsWith(AGAIN) === true && more < 100; more++) key = deps.keyOf(key.slice(AGAIN.length));
  const end = key?.lastIndexOf(":") ?? -1;
  return key === null || end <= 0 ? null : key.slice(0, end);
}
