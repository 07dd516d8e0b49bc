import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloudflareApi, type CloudflareApi } from "../support/cloudflare-api.ts";
import { newcomer, type Newcomer } from "../support/newcomer.ts";

/** What the Workers upload may weigh, compressed. */
const MAX_KIB = 2048;

let api: CloudflareApi;
let person: Newcomer;

beforeAll(async () => {
  api = await startCloudflareApi();
  person = newcomer();
});
afterAll(async () => {
  person.remove();
  await api.close();
});

const account = (): Record<string, string> => ({
  CLOUDFLARE_API_BASE_URL: api.url,
  CLOUDFLARE_API_TOKEN: api.token,
  CLOUDFLARE_ACCOUNT_ID: api.accountId,
});

const madeSince = (from: number, path: RegExp): string[] =>
  api.calls
    .slice(from)
    .filter((call) => call.method === "POST" && call.status === 200 && path.test(call.path))
    .map((call) => call.path);

const unexpected = (): string[] => api.calls.filter((call) => !call.expected).map((call) => `${call.method} ${call.path}`);

/** Says how a deploy went when it did not go well. */
const succeeded = (run: { code: number; output: string }): void => {
  if (run.code !== 0) throw new Error(`exit code ${run.code}\n${run.output}`);
  // wrangler answers its own questions where there is no terminal, and says so.
  expect(run.output).not.toMatch(/non-interactive|fallback value/i);
};

test("wrangler deploy --dry-run calls no API and stays under 2 MiB compressed", async () => {
  const run = await person.run("npx", ["wrangler", "deploy", "--dry-run"], { CLOUDFLARE_API_BASE_URL: api.url });
  succeeded(run);
  const size = /gzip: ([\d.]+) KiB/.exec(run.output)?.[1];
  process.stdout.write(`compressed upload: ${size} KiB of ${MAX_KIB}\n`);
  expect(Number(size)).toBeGreaterThan(1);
  expect(Number(size)).toBeLessThan(MAX_KIB);
  expect(api.calls).toEqual([]);
});

test("wrangler deploy with a token that is refused says what to do and makes nothing", async () => {
  const run = await person.run("npx", ["wrangler", "deploy"], { ...account(), CLOUDFLARE_API_TOKEN: "wrong" });
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("wrangler login");
  expect(api.account.indexes).toEqual([]);
  expect(api.account.scripts.size).toBe(0);
});

test("wrangler deploy puts everything up in an empty account, with no secret and no question", async () => {
  const from = api.calls.length;
  succeeded(await person.run("npx", ["wrangler", "deploy"], account()));
  expect(unexpected()).toEqual([]);

  expect(api.account.databases.map((database) => database.name)).toEqual(["margay"]);
  expect(api.account.buckets).toEqual(["margay-files"]);
  expect(api.account.queues.map((queue) => queue.queue_name)).toEqual(["margay-usage"]);
  expect(api.account.indexes).toEqual([{ name: "margay", config: { dimensions: 1024, metric: "cosine" } }]);
  expect(madeSince(from, /\/(d1\/database|r2\/buckets|queues|indexes)$/)).toHaveLength(4);

  const script = api.account.script("margay");
  expect(script.metadata.compatibility_flags).toEqual(["nodejs_compat"]);
  expect(script.bindings.filter((binding) => binding.type.startsWith("secret"))).toEqual([]);
  expect(new Map(script.bindings.map((binding) => [binding.name, binding.type]))).toEqual(
    new Map([
      ["DB", "d1"],
      ["FILES", "r2_bucket"],
      ["USAGE", "queue"],
      ["VECTORS", "vectorize"],
      ["AI", "ai"],
      ["BROWSER", "browser"],
      ["LOADER", "worker_loader"],
      ["ASSETS", "assets"],
      ["USER_AGENT", "durable_object_namespace"],
      ["KEYRING", "durable_object_namespace"],
      ["EXECUTOR", "durable_object_namespace"],
    ]),
  );
  expect(script.classes).toEqual(["UserAgent", "Keyring", "Executor"]);
  expect(script.deployments).toHaveLength(1);
  expect(script.subdomain).toEqual({ enabled: true, previews_enabled: false });
  expect(api.account.queues[0]?.consumers.map((consumer) => consumer.script)).toEqual(["margay"]);
  expect(api.account.assets.size).toBeGreaterThan(0);
});

test("the deployed Worker has no way to sign a person in by itself", () => {
  const code = [...api.account.script("margay").modules]
    .filter(([name]) => !name.endsWith(".map"))
    .map(([, bytes]) => new TextDecoder().decode(bytes))
    .join("\n");
  expect(code).toContain("/api/v1/auth/");
  expect(code).not.toContain("/api/v1/auth/loopback");
});

test("wrangler deploy over the first one makes nothing again and keeps what is there", async () => {
  const from = api.calls.length;
  const database = api.account.databases[0]?.uuid;
  succeeded(await person.run("npx", ["wrangler", "deploy"], account()));
  expect(unexpected()).toEqual([]);
  expect(madeSince(from, /\/(d1\/database|r2\/buckets|queues|indexes|consumers|assets\/upload)(\?|$)/)).toEqual([]);
  const script = api.account.script("margay");
  expect(script.bindings.find((binding) => binding.name === "DB")?.["id"]).toBe(database);
  expect(script.metadata.compatibility_flags).toEqual(["nodejs_compat"]);
  expect(script.metadata.migrations).toBeUndefined();
  expect(script.deployments).toHaveLength(2);
  expect(api.account.queues[0]?.consumers).toHaveLength(1);
});

test("deploying leaves the checkout as it was", () => {
  const root = join(import.meta.dirname, "../..");
  expect(readFileSync(join(person.directory, "wrangler.toml"), "utf8")).toBe(readFileSync(join(root, "wrangler.toml"), "utf8"));
});
