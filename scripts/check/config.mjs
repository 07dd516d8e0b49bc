import { join } from "node:path";
import { ROOT } from "../build-node.mjs";

const FLAGS = ["nodejs_compat"];

/** Parts that must be the same wherever the Worker runs, as text that can be compared. */
const SHARED = {
  name: (config) => config.name,
  compatibility_date: (config) => config.compatibility_date,
  "[[durable_objects.bindings]]": (config) => config.durable_objects?.bindings,
  "[[worker_loaders]]": (config) => config.worker_loaders,
  "[[migrations]]": (config) => config.migrations,
  "[[rules]]": (config) => config.rules,
  "[[d1_databases]]": (config) => config.d1_databases?.map(({ database_id: _made, ...rest }) => rest),
  "[[r2_buckets]]": (config) => config.r2_buckets,
  "[[queues.producers]]": (config) => config.queues?.producers,
  "[[queues.consumers]]": (config) => config.queues?.consumers?.map(({ max_batch_timeout: _pace, ...rest }) => rest),
};

/** Parts that the local Worker shares with the deployed one, and that the tests have no use for. */
const SERVED = { "[assets]": (config) => config.assets, minify: (config) => config.minify, keep_names: (config) => config.keep_names };

/** wrangler.toml, wrangler.local.toml and wrangler.test.toml describe one Worker: a binding added to one is added to all. */
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
  return problems;
}
