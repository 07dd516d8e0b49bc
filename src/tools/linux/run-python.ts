import { z } from "zod";
import { DEFAULT_TIMEOUT_S, linuxTool, Paths, Timeout } from "./linux-tool.ts";

/** Runs a Python program. It comes by its input, so that its length has no limit of an argument. */
export const runPython = linuxTool({
  name: "run_python",
  version: 1,
  description: "Run Python 3 (pandas, matplotlib, openpyxl) on the user's files: ./uploads, write to ./outputs; no network",
  input: z.object({ code: z.string().min(1).max(200_000), timeout_s: Timeout, paths: Paths }),
  describe: ({ code }) => `Run a Python program of ${code.split("\n").length} ${code.includes("\n") ? "lines" : "line"}`,
  command: ({ code, timeout_s }) => ({
    run: { argv: ["python3", "-"] },
    cwd: null,
    stdin: code,
    timeoutMs: (timeout_s ?? DEFAULT_TIMEOUT_S) * 1_000,
    hosts: [],
    secret: null,
  }),
  paths: ({ paths }) => paths ?? null,
});
