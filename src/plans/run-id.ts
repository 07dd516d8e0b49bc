/** One attempt at a step, as calls, approvals and tasks know it: they are begun once for each. */
export const runIdOf = ({ planId, name, attempt }: { planId: string; name: string; attempt: number }): string =>
  `plan:${planId}:${name}:${attempt}`;

/** null: it is none. */
export function readRunId(text: string): { planId: string; name: string; attempt: number } | null {
  const [, planId, name, attempt] = /^plan:([^:]+):([a-z0-9_]+):(\d+)$/u.exec(text) ?? [];
  return planId === undefined || name === undefined ? null : { planId, name, attempt: Number(attempt) };
}

/** The one call of a tool's step. */
export const callIdOf = (step: { planId: string; name: string; attempt: number }): string => `${runIdOf(step)}:0`;
