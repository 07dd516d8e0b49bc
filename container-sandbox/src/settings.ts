import { availableParallelism, totalmem } from "node:os";
import { z } from "zod";
import { DEFAULT_LIMITS, type Limits } from "../../src/sandbox/linux/contract.ts";

const count = (from: number, to: number) => z.coerce.number().int().min(from).max(to);

const Environment = z.object({
  SANDBOX_TOKEN: z.string().min(24, "SANDBOX_TOKEN must be at least 24 characters: everybody who knows it can run commands here").max(500),
  SANDBOX_HOST: z.string().default("127.0.0.1"),
  /** 0: any that is free. The address is the first line of the output. */
  SANDBOX_PORT: count(0, 65_535).default(8080),
  /** `container` only where the whole container is one session's: it is the wall then. */
  SANDBOX_ISOLATION: z.enum(["bubblewrap", "container"]).default("bubblewrap"),
  SANDBOX_SESSIONS: count(1, 1_000).optional(),
  SANDBOX_IDLE_SECONDS: count(1, 86_400).default(900),
  SANDBOX_MEMORY_MB: count(64, 16_384).optional(),
  SANDBOX_DISK_MB: count(1, 16_384).optional(),
  /** How package hosts are reached: `direct`, or a proxy's `http://host:port`. */
  SANDBOX_PROXY: z.union([z.literal("direct"), z.url({ protocol: /^http$/ })]).optional(),
});

export interface Settings {
  token: string;
  host: string;
  port: number;
  isolation: "bubblewrap" | "container";
  sessions: number;
  idleMs: number;
  proxy: string | null;
  defaults: Limits;
  most: Limits;
  uploadBytes: number;
}

const MIB = 1024 * 1024;

/** Reads the settings; throws a sentence that says which is wrong, without its value. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw new Error(`${first?.path.join(".") ?? "settings"}: ${first?.message ?? "not valid"}`);
  }
  const given = parsed.data;
  const memory =
    given.SANDBOX_MEMORY_MB === undefined ? Math.min(DEFAULT_LIMITS.memoryBytes, floorMib(totalmem() / 2)) : given.SANDBOX_MEMORY_MB * MIB;
  const disk = given.SANDBOX_DISK_MB === undefined ? DEFAULT_LIMITS.diskBytes : given.SANDBOX_DISK_MB * MIB;
  const defaults: Limits = {
    ...DEFAULT_LIMITS,
    memoryBytes: Math.max(64 * MIB, memory),
    diskBytes: disk,
    scratchBytes: disk,
    fileBytes: disk,
  };
  return {
    token: given.SANDBOX_TOKEN,
    host: given.SANDBOX_HOST,
    port: given.SANDBOX_PORT,
    isolation: given.SANDBOX_ISOLATION,
    // The container's users share its network and its file system: one session at a time, whatever is set.
    sessions: given.SANDBOX_ISOLATION === "container" ? 1 : (given.SANDBOX_SESSIONS ?? Math.max(4, 2 * availableParallelism())),
    idleMs: given.SANDBOX_IDLE_SECONDS * 1_000,
    proxy: given.SANDBOX_PROXY ?? null,
    defaults,
    most: { ...defaults, cpuSeconds: 3_600, processes: 1_024, openFiles: 4_096, outputBytes: 64 * MIB, wallMs: 3_600_000, files: 100_000 },
    uploadBytes: disk,
  };
}

const floorMib = (bytes: number): number => Math.floor(bytes / MIB) * MIB;
