import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";

/** A refusal as api.cloudflare.com sends it: an HTTP status and a numbered error. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const Binding = z.looseObject({ name: z.string(), type: z.string() });
export type Binding = z.infer<typeof Binding>;

/** The `metadata` part of a script upload, as far as a deploy decides anything by it. */
export const ScriptMetadata = z.looseObject({
  main_module: z.string(),
  bindings: z.array(Binding),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()).default([]),
  migrations: z
    .object({
      old_tag: z.string().optional(),
      new_tag: z.string(),
      steps: z.array(z.object({ new_sqlite_classes: z.array(z.string()).optional() })),
    })
    .optional(),
  assets: z.looseObject({ jwt: z.string(), config: z.looseObject({}).optional() }).optional(),
  keep_bindings: z.array(z.string()).optional(),
  observability: z.looseObject({ enabled: z.boolean() }).optional(),
});
export type ScriptMetadata = z.infer<typeof ScriptMetadata>;

export interface Script {
  id: string;
  tag: string;
  metadata: ScriptMetadata;
  bindings: Binding[];
  migrationTag: string | null;
  classes: string[];
  tags: string[];
  modules: Map<string, Uint8Array>;
  deployments: { id: string; versions: { version_id: string; percentage: number }[] }[];
  versions: string[];
  subdomain: { enabled: boolean; previews_enabled: boolean };
}

interface Queue {
  queue_id: string;
  queue_name: string;
  consumers: { consumer_id: string; type: "worker"; script: string; settings: unknown }[];
}

/** Flags that production refuses for everybody but Cloudflare. */
const REFUSED_FLAGS = /experimental/;

/**
 * What an account holds, and what the real API refuses about it. It starts empty; only its workers.dev name is taken, as
 * opening the dashboard once does.
 */
export class CloudflareAccount {
  readonly subdomain = "newcomer";
  readonly databases: { uuid: string; name: string }[] = [];
  readonly buckets: string[] = [];
  readonly queues: Queue[] = [];
  readonly indexes: { name: string; config: { dimensions: number; metric: string } }[] = [];
  /** Page files by the hash that wrangler gives them. */
  readonly assets = new Set<string>();
  readonly scripts = new Map<string, Script>();
  readonly #assetSessions = new Map<string, string[]>();
  readonly #assetTokens = new Set<string>();

  script(name: string): Script {
    const script = this.scripts.get(name);
    if (!script) throw new ApiError(404, 10007, "This Worker does not exist on your account.");
    return script;
  }

  database(idOrName: string): { uuid: string; name: string } {
    const found = this.databases.find((database) => database.uuid === idOrName || database.name === idOrName);
    if (!found) throw new ApiError(404, 7404, `The database ${idOrName} could not be found`);
    return found;
  }

  createDatabase(name: string): { uuid: string; name: string } {
    if (this.databases.some((database) => database.name === name)) {
      throw new ApiError(400, 7502, `Database with name '${name}' already exists`);
    }
    const database = { uuid: randomUUID(), name };
    this.databases.push(database);
    return database;
  }

  bucket(name: string): string {
    if (!this.buckets.includes(name)) throw new ApiError(404, 10006, "The specified bucket does not exist.");
    return name;
  }

  createBucket(name: string): void {
    if (this.buckets.includes(name)) throw new ApiError(409, 10004, "The bucket you tried to create already exists, and you own it.");
    this.buckets.push(name);
  }

  queue(id: string): Queue {
    const queue = this.queues.find((candidate) => candidate.queue_id === id);
    if (!queue) throw new ApiError(404, 11000, "Queue not found.");
    return queue;
  }

  createQueue(name: string): Queue {
    if (this.queues.some((queue) => queue.queue_name === name)) throw new ApiError(409, 11009, `Queue name '${name}' is already taken.`);
    const queue: Queue = { queue_id: randomUUID().replaceAll("-", ""), queue_name: name, consumers: [] };
    this.queues.push(queue);
    return queue;
  }

  putConsumer(queueId: string, consumerId: string | null, script: string, settings: unknown): Queue["consumers"][number] {
    this.script(script);
    const queue = this.queue(queueId);
    const existing = queue.consumers.find((consumer) => consumer.script === script);
    if (consumerId === null) {
      if (existing) throw new ApiError(409, 11004, `Queue already has a consumer: ${script}.`);
      const consumer = { consumer_id: randomUUID().replaceAll("-", ""), type: "worker" as const, script, settings };
      queue.consumers.push(consumer);
      return consumer;
    }
    if (existing?.consumer_id !== consumerId) throw new ApiError(404, 11001, "Consumer not found.");
    existing.settings = settings;
    return existing;
  }

  index(name: string): { name: string; config: { dimensions: number; metric: string } } {
    const index = this.indexes.find((candidate) => candidate.name === name);
    if (!index) throw new ApiError(404, 3000, "vectorize.index.not_found");
    return index;
  }

  createIndex(name: string, config: { dimensions: number; metric: string }): { name: string; config: object } {
    if (this.indexes.some((index) => index.name === name)) throw new ApiError(409, 3002, "vectorize.index.duplicate_name");
    const index = { name, config };
    this.indexes.push(index);
    return index;
  }

  /** Opens an upload session for the files that are not here yet; with none missing the answer is already the completion token. */
  openAssetSession(hashes: string[]): { jwt: string; buckets: string[][] } {
    const missing = [...new Set(hashes)].filter((hash) => !this.assets.has(hash));
    const jwt = token({ hashes: missing, session: randomUUID() });
    if (missing.length === 0) this.#assetTokens.add(jwt);
    else this.#assetSessions.set(jwt, missing);
    return { jwt, buckets: missing.length === 0 ? [] : [missing] };
  }

  /** Takes files of a session; the last one gives the completion token. */
  uploadAssets(session: string, files: Map<string, Uint8Array>): { jwt?: string } {
    const wanted = this.#assetSessions.get(session);
    if (!wanted) throw new ApiError(401, 10000, "Authentication error");
    for (const [hash, bytes] of files) {
      if (!wanted.includes(hash)) throw new ApiError(400, 10304, `Asset ${hash} is not part of this upload session.`);
      if (bytes.length === 0) throw new ApiError(400, 10304, `Asset ${hash} is empty.`);
      this.assets.add(hash);
    }
    if (!wanted.every((hash) => this.assets.has(hash))) return {};
    const jwt = token({ done: session });
    this.#assetTokens.add(jwt);
    return { jwt };
  }

  /** Takes a new version of a script, refusing bindings to things that do not exist the way the real API does. */
  uploadScript(name: string, metadata: ScriptMetadata, modules: Map<string, Uint8Array>): { script: Script; versionId: string } {
    const before = this.scripts.get(name);
    if (!modules.has(metadata.main_module)) throw new ApiError(400, 10021, `No such module "${metadata.main_module}".`);
    const refused = metadata.compatibility_flags.find((flag) => REFUSED_FLAGS.test(flag));
    if (refused) throw new ApiError(400, 10021, `The compatibility flag ${refused} is experimental and may not be used.`);
    if (metadata.assets && !this.#assetTokens.has(metadata.assets.jwt))
      throw new ApiError(400, 10303, "The assets completion token is not valid.");
    const migrations = metadata.migrations;
    if (migrations && (migrations.old_tag ?? null) !== (before?.migrationTag ?? null)) {
      throw new ApiError(412, 10079, "Actor migration tag precondition failed.");
    }
    const classes = [...(before?.classes ?? []), ...(migrations?.steps.flatMap((step) => step.new_sqlite_classes ?? []) ?? [])];
    const bindings = metadata.bindings.map((binding) => this.#resolve(binding, classes, before));
    const versionId = randomUUID();
    const script: Script = {
      id: name,
      tag: before?.tag ?? randomUUID().replaceAll("-", ""),
      metadata,
      bindings,
      migrationTag: migrations?.new_tag ?? before?.migrationTag ?? null,
      classes,
      tags: before?.tags ?? [],
      modules,
      deployments: before?.deployments ?? [],
      versions: [...(before?.versions ?? []), versionId],
      subdomain: before?.subdomain ?? { enabled: false, previews_enabled: false },
    };
    this.scripts.set(name, script);
    return { script, versionId };
  }

  deploy(script: Script, versions: { version_id: string; percentage: number }[]): string {
    for (const version of versions) {
      if (!script.versions.includes(version.version_id)) throw new ApiError(400, 10112, `Version ${version.version_id} does not exist.`);
    }
    const id = randomUUID();
    script.deployments.unshift({ id, versions });
    return id;
  }

  #resolve(binding: Binding, classes: string[], before: Script | undefined): Binding {
    const text = (field: string): string => {
      const value = binding[field];
      return typeof value === "string" ? value : "";
    };
    const need = (there: boolean, code: number, message: string): void => {
      if (!there) throw new ApiError(400, code, message);
    };
    switch (binding.type) {
      case "inherit": {
        const inherited = before?.bindings.find((candidate) => candidate.name === binding.name);
        if (!inherited) throw new ApiError(400, 10057, `binding ${binding.name} cannot be inherited: the previous version has none`);
        return inherited;
      }
      case "d1": {
        const id = text("id") || text("database_id");
        need(
          this.databases.some((database) => database.uuid === id),
          10021,
          `binding ${binding.name} of type d1 must have a valid \`id\` specified`,
        );
        return { ...binding, id };
      }
      case "r2_bucket":
        need(this.buckets.includes(text("bucket_name")), 10085, `R2 bucket '${text("bucket_name")}' not found.`);
        return binding;
      case "queue":
        need(
          this.queues.some((queue) => queue.queue_name === text("queue_name")),
          11000,
          `Queue '${text("queue_name")}' not found.`,
        );
        return binding;
      case "vectorize":
        need(
          this.indexes.some((index) => index.name === text("index_name")),
          10159,
          `Vectorize binding '${binding.name}' references index '${text("index_name")}' which was not found.`,
        );
        return binding;
      case "durable_object_namespace":
        need(
          classes.includes(text("class_name")),
          10061,
          `Cannot create binding for class ${text("class_name")} that is not exported or migrated.`,
        );
        return binding;
      case "ai":
      case "browser":
      case "worker_loader":
      case "assets":
      case "plain_text":
      case "json":
        return binding;
      default:
        throw new ApiError(400, 10021, `binding ${binding.name} has the unknown type ${binding.type}`);
    }
  }
}

/** A token in the shape of a JWT (wrangler reads the payload), signed with nothing that matters. */
function token(payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...payload, exp: 4_102_444_800 })}`;
  return `${body}.${createHash("sha256").update(body).digest("base64url")}`;
}
