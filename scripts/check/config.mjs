import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../build-node.mjs";

const FLAGS = ["nodejs_compat"];

/** Parts that must be the same wherever the Worker runs, as text that can be compared. */
const SHARED = {
  name: (config) => config.name,
  compatibility_date: (config) => config.compatibility_date,
  "[[durable_objects.bindings]]": (config) => config.durable_objects?.bindings,
  "[[worker_loaders]]": (config) => config.worker_loaders,
  "[browser]": (config) => config.browser,
  "[[migrations]]": (config) => config.migrations,
  "[[rules]]": (config) => config.rules,
  "[[d1_databases]]": (config) => config.d1_databases?.map(({ database_id: _made, ...rest }) => rest),
  "[[r2_buckets]]": (config) => config.r2_buckets,
  "[[queues.producers]]": (config) => config.queues?.producers,
  "[[queues.consumers]]": (config) => config.queues?.consumers?.map(({ max_batch_timeout: _pace, ...rest }) => rest),
};

/** Parts that the local Worker shares with the deployed one, and that the tests have no use for. */
const SERVED = { "[assets]": (config) => config.assets, minify: (config) => config.minify, keep_names: (config) => config.keep_names };

/** wrangler.toml as it has to be in wrangler.linux.toml: with the binding to the Worker with the containers, and the build that deploys that. */
const withLinux = (config, script) => ({
  ...config,
  build: { ...config.build, command: `${config.build?.command} --linux` },
  durable_objects: {
    bindings: [...(config.durable_objects?.bindings ?? []), { name: "SANDBOX", class_name: "SandboxContainer", script_name: script }],
  },
});

/** What the Worker with the containers must be: created together with its containers, out of reach, and without anything of the deployment. */
function checkSandbox(config, deployed, flags) {
  const allowed = ["name", "main", "compatibility_date", "compatibility_flags", "minify", "workers_dev", "preview_urls", "observability"];
  const problems = Object.keys(config)
    .filter((key) => ![...allowed, "containers", "durable_objects", "migrations"].includes(key))
    .map((key) => `wrangler.sandbox.toml: ${key} does not belong there; what runs beside programs has nothing of the deployment`);
  if (config.compatibility_date !== deployed.compatibility_date || JSON.stringify(config.compatibility_flags) !== JSON.stringify(flags))
    problems.push("wrangler.sandbox.toml: compatibility date and flags differ from wrangler.toml");
  if (config.workers_dev !== false || config.preview_urls !== false || config.observability?.logs?.invocation_logs !== false)
    problems.push("wrangler.sandbox.toml: workers_dev, preview_urls and invocation_logs must be false");
  if (!existsSync(join(ROOT, config.containers?.[0]?.image ?? "?"))) problems.push("wrangler.sandbox.toml: its image has no Dockerfile");
  const created = config.migrations?.[0]?.new_sqlite_classes;
  if (JSON.stringify(created) !== JSON.stringify([config.containers?.[0]?.class_name]))
    problems.push("wrangler.sandbox.toml: the first migration must create the class that has the containers");
  return problems;
}

/** wrangler.toml, wrangler.local.toml, wrangler.test.toml and wrangler.linux.toml describe one Worker: a binding added to one is added to all. */
export async function checkConfig() {
  const { experimental_readRawConfig: readRaw } = await import("wrangler");
  const read = (file) => readRaw({ config: join(ROOT, file) }).rawConfig;
  const deployed = read("wrangler.toml");
  const problems = [];
  const compare = (file, config, parts) => {
    for (const [name, part] of Object.entries(parts)) {
      if (JSON.stringify(part(config)) !== JSON.stringify(part(deployed))) problems.push(`${file}: ${name} differs from wrangler.toml`);
    }
  };
  compare("wrangler.local.toml", read("wrangler.local.toml"), { ...SHARED, ...SERVED });
  compare("wrangler.test.toml", read("wrangler.test.toml"), SHARED);
  for (const file of ["wrangler.toml", "wrangler.local.toml", "wrangler.test.toml"]) {
    const config = read(file);
    if (JSON.stringify(config.compatibility_flags) !== JSON.stringify(FLAGS)) {
      problems.push(`${file}: compatibility_flags must be exactly ${JSON.stringify(FLAGS)}; production refuses experimental ones`);
    }
    if (file !== "wrangler.local.toml" && config.main !== "src/worker.ts") problems.push(`${file}: main must be src/worker.ts`);
  }
  if (deployed.d1_databases?.some((database) => database.database_id))
    problems.push("wrangler.toml: database_id must be left out, so that a first deploy makes it");
  if (deployed.observability?.logs?.invocation_logs !== false)
    problems.push("wrangler.toml: invocation_logs must be false; the platform would log every address, with whatever is in it");
  if (deployed.containers || deployed.vars)
    problems.push("wrangler.toml: no [[containers]] (needs Docker) and no [vars] (a deploy would overwrite what the owner set)");
  const sandbox = read("wrangler.sandbox.toml");
  const [linux, wanted] = [read("wrangler.linux.toml"), withLinux(deployed, sandbox.name)];
  for (const key of new Set([...Object.keys(linux), ...Object.keys(wanted)]))
    if (JSON.stringify(linux[key]) !== JSON.stringify(wanted[key])) problems.push(`wrangler.linux.toml: ${key} differs from wrangler.toml`);
  problems.push(...checkSandbox(sandbox, deployed, FLAGS));
  return problems;
}
