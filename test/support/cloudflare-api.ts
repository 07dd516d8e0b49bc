import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import { ApiError, CloudflareAccount, ScriptMetadata, type Script } from "./cloudflare-account.ts";

/** One request as it came. `expected` is false when no row of the table knows it. */
export interface ApiCall {
  method: string;
  path: string;
  status: number;
  expected: boolean;
}

export interface CloudflareApi {
  /** For CLOUDFLARE_API_BASE_URL. */
  url: string;
  accountId: string;
  token: string;
  account: CloudflareAccount;
  calls: ApiCall[];
  close(): Promise<void>;
}

interface Call {
  account: CloudflareAccount;
  params: string[];
  query: URLSearchParams;
  headers: Headers;
  bytes: Uint8Array;
}

type Handler = (call: Call) => unknown;
type Row = [method: string, path: RegExp, handle: Handler, auth?: "session"];

const ACCOUNT_ID = "00000000000000000000000000000a11";
const TOKEN = "token-of-the-scripted-account";

const json = <T>(call: Call, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(JSON.parse(new TextDecoder().decode(call.bytes)));
  if (!parsed.success) throw new ApiError(400, 10026, `malformed body: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

const form = (call: Call): Promise<FormData> =>
  new Response(new Uint8Array(call.bytes), { headers: { "content-type": call.headers.get("content-type") ?? "" } }).formData();

const param = (call: Call, index: number): string => decodeURIComponent(call.params[index] ?? "");

async function uploadScript(call: Call): Promise<{ script: Script; versionId: string }> {
  const parts = await form(call);
  const raw = parts.get("metadata");
  const metadata = ScriptMetadata.safeParse(JSON.parse(typeof raw === "string" ? raw : raw === null ? "{}" : await raw.text()));
  if (!metadata.success) throw new ApiError(400, 10021, `malformed metadata: ${z.prettifyError(metadata.error)}`);
  const modules = new Map<string, Uint8Array>();
  for (const [name, value] of parts) {
    if (name !== "metadata" && typeof value !== "string") modules.set(name, new Uint8Array(await value.arrayBuffer()));
  }
  return call.account.uploadScript(param(call, 0), metadata.data, modules);
}

const Versions = z.object({ versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })), strategy: z.string() });
const Consumer = z.looseObject({ type: z.literal("worker"), script_name: z.string(), settings: z.looseObject({}) });
const Index = z.looseObject({
  name: z.string(),
  config: z.object({ dimensions: z.number().int().min(1).max(1536), metric: z.enum(["cosine", "euclidean", "dot-product"]) }),
});

const scriptView = (script: Script): object => ({
  id: script.id,
  tag: script.tag,
  tags: script.tags,
  migration_tag: script.migrationTag ?? undefined,
  last_deployed_from: "wrangler",
  usage_model: "standard",
});

/** Every call that `wrangler deploy` may need for Margay; paths are below `/accounts/<id>`, or after `~` below the API's root. */
const TABLE: Row[] = [
  // Asked only to explain a refusal.
  ["GET", /^~\/user\/tokens\/verify$/, () => ({ id: "token", status: "active" })],
  [
    "GET",
    /^\/workers\/services\/([^/]+)$/,
    (call) => {
      const script = call.account.scripts.get(param(call, 0));
      if (!script) throw new ApiError(404, 10090, "workers.api.error.service_not_found");
      return { id: script.id, default_environment: { environment: "production", script: scriptView(script) } };
    },
  ],
  [
    "GET",
    /^\/workers\/scripts\/([^/]+)\/settings$/,
    (call) => {
      const script = call.account.script(param(call, 0));
      return {
        bindings: script.bindings,
        compatibility_date: script.metadata.compatibility_date,
        compatibility_flags: script.metadata.compatibility_flags,
        usage_model: "standard",
      };
    },
  ],
  ["GET", /^\/workers\/scripts\/([^/]+)\/secrets$/, (call) => (call.account.script(param(call, 0)), [])],
  ["GET", /^\/workers\/scripts\/([^/]+)\/deployments$/, (call) => ({ deployments: call.account.script(param(call, 0)).deployments })],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/deployments$/,
    (call) => ({ id: call.account.deploy(call.account.script(param(call, 0)), json(call, Versions).versions) }),
  ],
  [
    "PUT",
    /^\/workers\/scripts\/([^/]+)$/,
    async (call) => {
      const { script, versionId } = await uploadScript(call);
      call.account.deploy(script, [{ version_id: versionId, percentage: 100 }]);
      return { ...scriptView(script), deployment_id: versionId.replaceAll("-", ""), etag: "etag", startup_time_ms: 10 };
    },
  ],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/versions$/,
    async (call) => {
      call.account.script(param(call, 0));
      const { versionId } = await uploadScript(call);
      return { id: versionId, startup_time_ms: 10, resources: { script: { etag: "etag" } }, metadata: {} };
    },
  ],
  [
    "PATCH",
    /^\/workers\/scripts\/([^/]+)\/script-settings$/,
    (call) => {
      const script = call.account.script(param(call, 0));
      const { tags } = json(call, z.looseObject({ tags: z.array(z.string()).nullish() }));
      if (tags) script.tags = tags;
      return { tags: script.tags };
    },
  ],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/subdomain$/,
    (call) => {
      const wanted = json(call, z.object({ enabled: z.boolean(), previews_enabled: z.boolean().default(false) }));
      call.account.script(param(call, 0)).subdomain = wanted;
      return wanted;
    },
  ],
  ["GET", /^\/workers\/workers\/([^/]+)$/, (call) => ({ subdomain: call.account.script(param(call, 0)).subdomain })],
  ["GET", /^\/workers\/subdomain$/, (call) => ({ subdomain: call.account.subdomain })],
  [
    "POST",
    /^\/workers\/scripts\/([^/]+)\/assets-upload-session$/,
    (call) => {
      const { manifest } = json(call, z.object({ manifest: z.record(z.string(), z.object({ hash: z.string(), size: z.number() })) }));
      if (!("/index.html" in manifest)) throw new ApiError(400, 10304, "this account expects a page with an index.html");
      return call.account.openAssetSession(Object.values(manifest).map((file) => file.hash));
    },
  ],
  [
    "POST",
    /^\/workers\/assets\/upload$/,
    async (call) => {
      const files = new Map<string, Uint8Array>();
      for (const [hash, value] of await form(call)) {
        files.set(hash, Buffer.from(typeof value === "string" ? value : await value.text(), "base64"));
      }
      return call.account.uploadAssets(call.headers.get("authorization")?.slice("Bearer ".length) ?? "", files);
    },
    "session",
  ],
  ["GET", /^\/d1\/database\/([^/]+)$/, (call) => call.account.database(param(call, 0))],
  ["POST", /^\/d1\/database$/, (call) => call.account.createDatabase(json(call, z.looseObject({ name: z.string() })).name)],
  [
    "GET",
    /^\/d1\/database$/,
    (call) => call.account.databases.filter((database) => (call.query.get("name") ?? database.name) === database.name),
  ],
  ["GET", /^\/r2\/buckets\/([^/]+)$/, (call) => ({ name: call.account.bucket(param(call, 0)) })],
  ["GET", /^\/r2\/buckets$/, (call) => ({ buckets: call.account.buckets.map((name) => ({ name })) })],
  ["POST", /^\/r2\/buckets$/, (call) => (call.account.createBucket(json(call, z.looseObject({ name: z.string() })).name), {})],
  [
    "GET",
    /^\/queues$/,
    (call) => {
      const names = call.query.getAll("name");
      return call.account.queues.filter((queue) => names.length === 0 || names.includes(queue.queue_name));
    },
  ],
  ["POST", /^\/queues$/, (call) => call.account.createQueue(json(call, z.looseObject({ queue_name: z.string() })).queue_name)],
  [
    "POST",
    /^\/queues\/([^/]+)\/consumers$/,
    (call) => {
      const body = json(call, Consumer);
      return call.account.putConsumer(param(call, 0), null, body.script_name, body.settings);
    },
  ],
  [
    "PUT",
    /^\/queues\/([^/]+)\/consumers\/([^/]+)$/,
    (call) => {
      const body = json(call, Consumer);
      return call.account.putConsumer(param(call, 0), param(call, 1), body.script_name, body.settings);
    },
  ],
  ["GET", /^\/vectorize\/v2\/indexes\/([^/]+)$/, (call) => call.account.index(param(call, 0))],
  [
    "POST",
    /^\/vectorize\/v2\/indexes$/,
    (call) => {
      const { name, config } = json(call, Index);
      return call.account.createIndex(name, config);
    },
  ],
];

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/**
 * A scripted Cloudflare API on loopback that behaves like an account with nothing in it, and remembers what a deploy makes. Strict: a call
 * that no row knows is answered with the API's routing error and recorded as unexpected, for the test to fail on.
 */
export async function startCloudflareApi(): Promise<CloudflareApi> {
  const account = new CloudflareAccount();
  const calls: ApiCall[] = [];

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown; expected: boolean }> {
    const url = new URL(request.url ?? "/", "http://api.test");
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) if (typeof value === "string") headers.set(name, value);
    const bytes = await bodyOf(request);
    const path = url.pathname.replace("/client/v4", "~").replace(`~/accounts/${ACCOUNT_ID}`, "");
    const row = TABLE.find(([method, pattern]) => method === request.method && pattern.test(path));
    const refuse = (error: ApiError): { status: number; body: unknown; expected: boolean } => ({
      status: error.status,
      body: { success: false, errors: [{ code: error.code, message: error.message }], messages: [], result: null },
      expected: row !== undefined,
    });
    if (!row) return refuse(new ApiError(404, 7003, `Could not route to ${url.pathname}, perhaps your object identifier is invalid?`));
    const [, pattern, handle, auth] = row;
    if (auth !== "session" && headers.get("authorization") !== `Bearer ${TOKEN}`)
      return refuse(new ApiError(401, 10000, "Authentication error"));
    try {
      const params = pattern.exec(path)?.slice(1) ?? [];
      const result = await handle({ account, params, query: url.searchParams, headers, bytes });
      const count = Array.isArray(result) ? result.length : 0;
      const paging = Array.isArray(result) ? { result_info: { page: 1, per_page: 100, count, total_count: count, total_pages: 1 } } : {};
      return { status: 200, body: { success: true, errors: [], messages: [], result, ...paging }, expected: true };
    } catch (error) {
      if (error instanceof ApiError) return refuse(error);
      return refuse(new ApiError(500, 10001, error instanceof Error ? (error.stack ?? error.message) : String(error)));
    }
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, expected } = await answer(request);
    calls.push({ method: request.method ?? "", path: request.url ?? "", status, expected });
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/client/v4`,
    accountId: ACCOUNT_ID,
    token: TOKEN,
    account,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
