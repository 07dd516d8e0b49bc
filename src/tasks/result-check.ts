import type { CheckDeps, CheckedTask, Finding, ResultCheck } from "./checked-task.ts";
import { checkFiles } from "./checks/files.ts";
import { checkRan } from "./checks/ran.ts";
import { checkSeen } from "./checks/seen.ts";
import { checkShape } from "./checks/shape.ts";
import { checkSources } from "./checks/sources.ts";

/** Who looks at the results of which of Margay's own profiles. Those of a user's profiles are theirs to judge. */
const CHECKS: Readonly<Record<string, ResultCheck>> = {
  research: checkSources,
  files: checkFiles,
  code: checkRan,
  browser: checkSeen,
};

const checksOf = (profile: string, expects: CheckedTask["expects"]): ResultCheck[] => [
  ...(expects === null ? [] : [checkShape]),
  ...(Object.hasOwn(CHECKS, profile) ? [CHECKS[profile] ?? []].flat() : []),
];

/** Whether anything looks at the result of a task of this profile. */
export const isChecked = (profile: string, expects: CheckedTask["expects"]): boolean => checksOf(profile, expects).length > 0;

/** Findings of one result at most: the first say enough. */
const MAX_FINDINGS = 12;

/** Looks at the result of a task that is about to end. */
export async function checkResult(profile: string, task: CheckedTask, deps: CheckDeps): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checksOf(profile, task.expects)) findings.push(...(await check(task, deps)));
  return findings.slice(0, MAX_FINDINGS);
}

/** What the model reads of it. */
export const correctionOf = (findings: readonly Finding[]): string =>
  [
    "Before this goes to the user, it was looked at, and something is not right:",
    ...findings.map(({ correct }) => `- ${correct}`),
    "Make that right, with tools where it takes any, and then give the whole result again. What cannot be made right, say plainly in the result. Do not mention this note.",
  ].join("\n");
