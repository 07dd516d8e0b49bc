import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { z } from "zod";
import { startModelServer } from "../support/model-server.ts";

const ROOT = join(import.meta.dirname, "../..");
const SETUP_CODE = "setup-code-of-the-benchmark";
const MODEL_KEY = "sk-benchmark";

/** The Worker as `wrangler deploy` would upload it. */
export interface Bundle {
  directory: string;
  /** As wrangler reports it. */
  gzipKiB: number;
  remove(): void;
}

/** Runs wrangler and gives what it printed; throws that when it fails. */
export function wrangler(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, "node_modules/wrangler/bin/wrangler.js"), ...args], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve(output) : reject(new Error(output))));
  });
}

/** Bundles with the deployed configuration; `minify: false` only to read names in a profile. */
export async function bundle(options: { minify?: boolean } = {}): Promise<Bundle> {
  const directory = mkdtempSync(join(tmpdir(), "margay-bench-"));
  const output = await wrangler(["deploy", "--dry-run", "--outdir", directory, ...(options.minify === false ? ["--minify=false"] : [])]);
  return {
    directory,
    gzipKiB: Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1]),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** What wrangler wrote into a directory, as Miniflare takes it: the Worker first. */
export const modulesIn = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".js") || name.endsWith(".sql"))
    .sort((a, b) => Number(b === "worker.js") - Number(a === "worker.js"))
    .map((name) => ({
      type: name.endsWith(".js") ? ("ESModule" as const) : ("Text" as const),
      path: join(directory, name),
      contents: readFileSync(join(directory, name), "utf8"),
    }));

/** One signed-in person of the benchmark, by API key. */
export interface BenchUser {
  id: string;
  key: string;
}

export interface Deployment {
  origin: string;
  models: Awaited<ReturnType<typeof startModelServer>>;
  modelKey: string;
  owner: BenchUser;
  /** An owner's key that may speak for others. */
  serviceKey: string;
  /** Makes more users the way people get one: invitation, password, API key. */
  invite(count: number): Promise<BenchUser[]>;
  /** Rows of accounts straight into D1, for touching many objects through the service key. */
  insertAccounts(count: number): Promise<string[]>;
  /** Resident memory of the runtime, and the CPU it has used so far. */
  runtime(): { rssMiB: number; cpuMs: number };
  close(): Promise<void>;
}

interface Person {
  id: string;
  cookie: string;
}

const cookieOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");

/**
 * The bundle under Miniflare without the inspector: the same runtime as in production, real SQLite on disk, nothing of `wrangler dev` in between. The
 * model is the scripted server, which answers at once.
 */
export async function deployment(of: Bundle, options: { inspectorPort?: number } = {}): Promise<Deployment> {
  const models = await startModelServer();
  const modules = modulesIn(of.directory);
  const persist = mkdtempSync(join(tmpdir(), "margay-bench-state-"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "margay",
      modulesRoot: of.directory,
      modules,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["nodejs_compat"],
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      logRequests: false,
      ...options,
      // The Worker's log lines are not what is measured; its errors are what one wants to see.
      handleStructuredLogs: (line: { level: string; message: string }) => {
        if (line.level === "error") process.stderr.write(`${line.message}\n`);
      },
      bindings: {
        MASTER_KEY: "master-key-of-the-benchmark-0123456789",
        SETUP_CODE,
        ANTHROPIC_API_KEY: MODEL_KEY,
        ANTHROPIC_BASE_URL: `${models.url}/v1`,
      },
      defaultPersistRoot: persist,
      d1Databases: { DB: "margay" },
      d1Persist: join(persist, "d1"),
      r2Buckets: { FILES: "margay-files" },
      r2Persist: join(persist, "r2"),
      queueProducers: { USAGE: { queueName: "margay-usage" } },
      queueConsumers: { "margay-usage": { maxBatchSize: 100, maxBatchTimeout: 5 } },
      durableObjects: {
        USER_AGENT: { className: "UserAgent", useSQLite: true },
        KEYRING: { className: "Keyring", useSQLite: true },
        EXECUTOR: { className: "Executor", useSQLite: true },
      },
      durableObjectsPersist: join(persist, "do"),
    }),
  );
  const origin = (await miniflare.ready).origin;

  const call = async (method: string, path: string, headers: Record<string, string>, body?: unknown): Promise<Response> => {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: { origin, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const enter = async (path: string, body: unknown): Promise<Person> => {
    const response = await call("POST", path, {}, body);
    return { id: z.object({ id: z.string() }).parse(await response.json()).id, cookie: cookieOf(response) };
  };
  const keyFor = async (person: Person, service: boolean): Promise<string> => {
    const response = await call("POST", "/api/v1/keys", { cookie: person.cookie }, { name: "benchmark", service });
    return z.object({ key: z.string() }).parse(await response.json()).key;
  };
  const uncapped = (id: string): Promise<Response> =>
    call("PATCH", `/api/v1/users/${id}`, { cookie: owner.cookie }, { day_cap_usd: null, month_cap_usd: null });

  const password = "a long password of the benchmark";
  const owner = await enter("/api/v1/setup", { code: SETUP_CODE, name: "Owner", email: "owner@example.com", password });
  await uncapped(owner.id);
  const ownerKey = await keyFor(owner, false);
  const serviceKey = await keyFor(owner, true);
  let made = 0;

  return {
    origin,
    models,
    modelKey: MODEL_KEY,
    owner: { id: owner.id, key: ownerKey },
    serviceKey,
    async invite(count) {
      const users: BenchUser[] = [];
      for (let index = 0; index < count; index++) {
        const email = `user-${++made}@example.com`;
        const invited = await call("POST", "/api/v1/users/invitations", { cookie: owner.cookie }, { email });
        const { link } = z.object({ link: z.string() }).parse(await invited.json());
        const token = new URLSearchParams(new URL(link).hash.slice(1)).get("token");
        const person = await enter("/api/v1/invitations/accept", { token, name: `User ${made}`, password });
        await uncapped(person.id);
        users.push({ id: person.id, key: await keyFor(person, false) });
      }
      return users;
    },
    async insertAccounts(count) {
      const db = await miniflare.getD1Database("DB");
      const now = Date.now();
      const ids = Array.from({ length: count }, () => crypto.randomUUID());
      const insert = db.prepare(
        "INSERT INTO user (id, name, email, email_verified, created_at, updated_at, role) VALUES (?, 'Row', ?, 1, ?, ?, 'user')",
      );
      await db.batch(ids.map((id) => insert.bind(id, `${id}@example.com`, now, now)));
      return ids;
    },
    runtime: () => usageOfChildren("workerd"),
    async close() {
      await miniflare.dispose();
      await models.close();
      rmSync(persist, { recursive: true, force: true });
    },
  };
}

/** The kernel's clock ticks a second, as /proc counts CPU time (`getconf CLK_TCK`; 100 on every Linux in use). */
const TICKS = 100;

/** Memory and CPU of this process's descendants with this name, from /proc (Linux). */
function usageOfChildren(name: string): { rssMiB: number; cpuMs: number } {
  const processes = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const status = readFileSync(`/proc/${entry}/status`, "utf8");
        const field = (key: string): string => new RegExp(`^${key}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? "";
        // After the name in parentheses: state is field 3, utime 14, stime 15.
        const stat = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
        const ticks = Number(stat[11]) + Number(stat[12]);
        return [{ pid: Number(entry), parent: Number(field("PPid")), name: field("Name"), kib: Number(field("VmRSS")), ticks }];
      } catch {
        return [];
      }
    });
  const below = new Set([process.pid]);
  for (let grew = true; grew;) {
    const before = below.size;
    for (const entry of processes) if (below.has(entry.parent)) below.add(entry.pid);
    grew = below.size > before;
  }
  const wanted = processes.filter((entry) => below.has(entry.pid) && entry.name === name);
  return {
    rssMiB: wanted.reduce((sum, entry) => sum + entry.kib, 0) / 1024,
    cpuMs: (wanted.reduce((sum, entry) => sum + entry.ticks, 0) * 1000) / TICKS,
  };
}
