import type { CheckDeps, CheckedTask, Finding } from "../checked-task.ts";

/** A path below /outputs as a sentence names it. */
const NAMED = /(?<![\w.:/-])\/outputs\/[^\s`"'<>()[\]|*]{1,300}/g;

/** What is said to be written is there, and what was written is named. */
export function checkFiles({ result }: CheckedTask, { written, exists }: Pick<CheckDeps, "written" | "exists">): Finding[] {
  const named = new Set([...result.matchAll(NAMED)].map(([path]) => path.replace(/[.,;:!?]+$/u, "")).filter((path) => !path.endsWith("/")));
  const missing = [...named].filter((path) => !exists(path));
  const wrote = written();
  const unnamed = wrote.filter((path) => !result.includes(path) && !result.includes(path.slice(path.lastIndexOf("/") + 1)));
  return [
    ...missing.map((path) => ({
      correct: `${path} is named, but there is no such file. Write it, or say that there is none.`,
      note: `There is no file ${path}.`,
    })),
    ...unnamed.map((path) => ({ correct: `You wrote ${path} and do not name it.`, note: `It also wrote ${path}.` })),
  ];
}
