import { z } from "zod";
import { DEFAULT_TIMEOUT_S, linuxTool, Paths, Timeout } from "./linux-tool.ts";

const cwd = z.string().max(1_024).optional().describe("folder; default: the folder with all of the user's files");

/** Runs a line of bash. */
export const runShell = linuxTool({
  name: "run_shell",
  version: 1,
  description: "Run a bash command in a Linux that holds the user's files (./uploads, ./outputs …); no network",
  input: z.object({
    command: z.string().min(1).max(100_000),
    stdin: z.string().max(1_000_000).optional(),
    timeout_s: Timeout,
    cwd,
    paths: Paths,
  }),
  describe: ({ command }) => `Run ${oneLine(command)}`,
  command: ({ command, stdin, timeout_s, cwd: folder }) => ({
    run: { shell: command },
    cwd: folderOf(folder),
    stdin: stdin ?? null,
    timeoutMs: (timeout_s ?? DEFAULT_TIMEOUT_S) * 1_000,
    hosts: [],
  }),
  paths: ({ paths }) => paths ?? null,
});

/** A folder as the server takes it; null: the work folder. */
function folderOf(folder: string | undefined): string | null {
  const parts = (folder ?? "").split("/").filter((part) => part !== "" && part !== ".");
  return parts.length === 0 ? null : parts.join("/");
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}
