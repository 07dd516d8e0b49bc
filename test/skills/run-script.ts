import { readFileSync } from "node:fs";
import { join } from "node:path";

type Run = (args: unknown, files: unknown, tools: unknown) => Promise<Record<string, unknown>>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...parts: string[]) => Run;

/**
 * A built-in skill's script, run here on its own: its value and the files it wrote. What it is run in when a user has it is the sandbox; tests of whole turns go there.
 */
export async function runScript(
  path: string,
  args: unknown,
  tools: Readonly<Record<string, (input: unknown) => Promise<unknown>>> = {},
): Promise<{ value: Record<string, unknown>; written: Record<string, string> }> {
  const code = readFileSync(join(import.meta.dirname, "../../skills", path), "utf8");
  const written: Record<string, string> = {};
  const files = { write: async (file: string, text: string) => void (written[file] = text) };
  // The last expression is the value.
  const body = code.replace(/\n((?:await )?\w+\(args\);)\s*$/, "\nreturn $1");
  if (body === code) throw new Error(`${path} does not end with a call with args`);
  return { value: await new AsyncFunction("args", "files", "tools", body)(args, files, tools), written };
}
