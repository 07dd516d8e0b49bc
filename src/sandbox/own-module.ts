import { builtModule } from "../modules/built-module.ts";
import type { RunModule } from "./javascript.ts";

/** What code can import by a plain name: each is several files, read from the assets only when code asks for it, checked against what was built. */
const OWN: Readonly<Record<string, readonly { as: string; built: string; kind: "js" | "wasm" | "data" }[]>> = {
  csv: [{ as: "csv", built: "code-csv", kind: "js" }],
  xlsx: [{ as: "xlsx", built: "code-xlsx", kind: "js" }],
  dates: [{ as: "dates", built: "code-dates", kind: "js" }],
  // By the name under which it is known elsewhere.
  luxon: [{ as: "luxon", built: "code-dates", kind: "js" }],
  charts: [{ as: "charts", built: "code-charts", kind: "js" }],
  png: [
    { as: "png", built: "code-png", kind: "js" },
    { as: "margay-resvg.wasm", built: "code-resvg", kind: "wasm" },
    { as: "margay-font.ttf", built: "code-font", kind: "data" },
  ],
};

/** A module of Margay's own for code. null: there is none of that name, or it was not built. */
export async function ownModule(name: string, assets: Pick<Fetcher, "fetch"> | null): Promise<Readonly<Record<string, RunModule>> | null> {
  const files = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (files === undefined || assets === null) return null;
  const modules: Record<string, RunModule> = {};
  for (const { as, built, kind } of files) {
    const module = await builtModule(built, assets);
    if (module === null) return null;
    if (kind === "js") modules[as] = { js: await module.code() };
    else modules[as] = kind === "wasm" ? { wasm: await module.bytes() } : { data: await module.bytes() };
  }
  return modules;
}
