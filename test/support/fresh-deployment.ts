import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { z } from "zod";

/**
 * Runs before every test file inside workerd. The files share a runtime, because starting one and evaluating the packages of the Worker takes
 * seconds a file; so that no file sees anything of the one before it, all that is stored is deleted, every object is ended and Margay's own
 * modules, with whatever they remember, are evaluated anew. Packages stay: nothing in them is about one deployment.
 */
const Runner = z.object({
  config: z.object({ root: z.string() }),
  evaluatedModules: z.object({ idToModuleMap: z.instanceof(Map) }),
});
/** What `vi.resetModules()` does to a module. */
const Module = z.custom<{ promise?: unknown; exports?: unknown; evaluated: boolean; importers: Set<string> }>(
  (value) => typeof value === "object" && value !== null && "evaluated" in value && "importers" in value && value.importers instanceof Set,
);

// vi.resetModules() would forget the packages too. Where vitest keeps its modules is not documented: a vitest that changes it fails here, at once.
const { config, evaluatedModules } = Runner.parse(Reflect.get(globalThis, "__vitest_worker__"));
for (const [id, node] of evaluatedModules.idToModuleMap) {
  if (typeof id !== "string" || !id.startsWith(`${config.root}/`) || id.includes("/node_modules/")) continue;
  const module = Module.parse(node);
  module.promise = undefined;
  module.exports = undefined;
  module.evaluated = false;
  module.importers.clear();
}

// reset() deletes what objects in memory hold, and workerd takes an object out of memory after ten seconds without a request: D1 and R2 are objects
// too, and are asked something first. Objects of users that are out of memory stay on the disk; no test meets them, because ids are random.
await Promise.all([env.DB.prepare("SELECT 1").run(), env.FILES.head("nothing")]);
await reset();
const { results } = await env.DB.prepare("SELECT name FROM sqlite_master WHERE name = 'd1_migrations'").all();
if (results.length > 0) throw new Error("the file before this one has left its database behind");
