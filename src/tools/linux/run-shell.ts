import { z } from "zod";
import { hostProblem } from "../../egress/public-host.ts";
import { cleanShell } from "./clean-run.ts";
import { DEFAULT_TIMEOUT_S, linuxTool, Paths, Timeout } from "./linux-tool.ts";

const Input = z
  .object({
    command: z.string().min(1).max(100_000),
    stdin: z.string().max(1_000_000).optional(),
    timeout_s: Timeout,
    cwd: z.string().max(1_024).optional().describe("folder; default: the folder with all of the user's files"),
    paths: Paths,
    hosts: z
      .array(
        z
          .string()
          .max(253)
          .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z][a-z0-9-]*[a-z0-9]$/, "is no name of a host")
          .refine((host) => hostProblem(host) === null, "is no host of the public internet"),
      )
      .max(10)
      .optional()
      .describe(
        "hosts it has to reach by https; asked about. Then the home is new and empty: for what was installed, export HOME=/home/user",
      ),
    secret: z.string().min(1).max(64).optional().describe("name of a stored secret that goes with requests to its hosts"),
  })
  .refine(({ hosts, secret }) => secret === undefined || (hosts ?? []).length > 0, { path: ["secret"], message: "goes with hosts only" });

/** Runs a line of bash. */
export const runShell = linuxTool({
  name: "run_shell",
  version: 2,
  description: "Run a bash command in a Linux that holds the user's files (./uploads, ./outputs …); no network but `hosts`",
  input: Input,
  capabilities: ({ hosts = [], secret }) => [
    ...hosts.map((host) => `net.fetch:${host}`),
    ...(secret === undefined ? [] : [`secrets.use:${secret}`]),
  ],
  // Nobody sees what a program sends.
  effect: ({ hosts = [] }) => (hosts.length === 0 ? "write" : "external"),
  // A yes is for the line that was read, and for the files that it runs as they lie there now.
  standing: ({ hosts = [] }) => (hosts.length === 0 ? "same" : "never"),
  destinations: ({ hosts = [] }) => hosts,
  describe: ({ command, hosts = [], secret }) =>
    `Run ${oneLine(command)}${hosts.length === 0 ? "" : `, with the network to ${hosts.join(", ")}`}${secret === undefined ? "" : ` and the secret ${secret}`}`,
  command: ({ command, stdin, timeout_s, cwd, hosts = [], secret }) => ({
    run: hosts.length === 0 ? { shell: command } : { argv: cleanShell(command) },
    cwd: folderOf(cwd),
    stdin: stdin ?? null,
    timeoutMs: (timeout_s ?? DEFAULT_TIMEOUT_S) * 1_000,
    hosts,
    secret: secret ?? null,
  }),
  paths: ({ paths }) => paths ?? null,
  hears: ({ hosts = [] }) => (hosts.length === 0 ? null : `what ${hosts.join(", ").slice(0, 150)} sent`),
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
