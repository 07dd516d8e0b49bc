import * as xlsx from "@e965/xlsx";
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Run = (args: unknown, files: unknown, tools: unknown, xlsx: unknown) => Promise<Record<string, unknown>>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (...parts: string[]) => Run;

/**
 * A built-in skill's script, run here on its own: its value and the files it wrote. What it is run in when a user has it is the sandbox; tests of whole turns go there.
 */
export async function runScript(
  path: string,
  args: unknown,
  tools: Readonly<Record<string, (input: unknown) => Promise<unknown>>> = {},
): Promise<{ value: Record<string, unknown>; written: Record<string, string>; books: Record<string, ArrayBuffer> }> {
  const code = readFileSync(join(import.meta.dirname, "../../skills", path), "utf8");
  const written: Record<string, string> = {};
  const books: Record<string, ArrayBuffer> = {};
  const files = {
    write: async (file: string, data: string | ArrayBuffer) =>
      void (typeof data === "string" ? (written[file] = data) : (books[file] = data)),
  };
  const own = code.replace(/^import \* as XLSX from "xlsx";$/m, "");
  // The last expression is the value.
  const body = own.replace(/\n((?:await )?\w+\(args\);)\s*$/, "\nreturn $1");
  if (body === own) throw new Error(`${path} does not end with a call with args`);
  return { value: await new AsyncFunction("args", "files", "tools", "XLSX", body)(args, files, tools, xlsx), written, books };
}
