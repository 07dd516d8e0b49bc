import { topLevel } from "./top-level.ts";

/** The module of the code; its lines are those of the code. */
export const CODE_MODULE = "code.js";

/**
 * The ways in which a code may be meant, likeliest first, each as a module whose default export is run or, where it is no function, is the value: a body whose last expression is its value, a body as it stands, a
 * module as it stands. Which one it is the engine says: what it cannot read is tried in the next way.
 */
export function asModules(code: string): string[] {
  const { imports, body, last, end, exports } = topLevel(code);
  const head = imports.map((one) => one.replaceAll(/\s+/gu, " ")).join(" ");
  const wrapped = (text: string): string => `${head}export default async function () { ${text}\n}`;
  const ways = [wrapped(body)];
  if (last !== null) ways.unshift(wrapped(`${body.slice(0, last)} return (${body.slice(last, end)}\n);`));
  return exports ? [code, ...ways] : [...ways, code];
}
