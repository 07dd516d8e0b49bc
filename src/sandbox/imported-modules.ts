import { MargayError } from "../errors.ts";
import { CODE_MODULE } from "./as-module.ts";
import type { RunModule } from "./javascript.ts";
import { textOfFile } from "./read-text.ts";

export interface ModuleSources {
  /** The code's own, by name. */
  known: Readonly<Record<string, RunModule>>;
  /** Margay's, by a plain name: one may need others. null: there is none. */
  own(name: string): Promise<Readonly<Record<string, RunModule>> | null>;
  /** A file of the user's, by its path; null: there is none. */
  file(path: string): Promise<Uint8Array | null>;
}

const MAX_MODULES = 100;
const MAX_BYTES = 4_000_000;

/** Static imports and exports from elsewhere, and imports at run time of a name that is written out. What only looks like one brings a module that nobody asks for. */
const IMPORT = /\b(?:from|import)(?:\s*\(\s*|\s*)["']([^"'\n]{1,500})["']/gu;

/** Every module that a code may import, however deep: ours, its own and programs and data among the user's files. */
export async function importedModules(code: string, sources: ModuleSources): Promise<Record<string, RunModule>> {
  const modules: Record<string, RunModule> = { ...sources.known };
  const seen = new Set(Object.keys(modules));
  const open: [string, string][] = [
    [CODE_MODULE, code],
    ...Object.entries(modules).flatMap(([name, module]) => ("js" in module ? ([[name, module.js]] as [string, string][]) : [])),
  ];
  let bytes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [from, text] = next;
    for (const [, asked = ""] of text.matchAll(IMPORT)) {
      if (/^(?:node|cloudflare|workerd):/u.test(asked)) continue;
      const isPath = /^\.{0,2}\//u.test(asked);
      const name = isPath ? URL.parse(asked, `file:///${from}`)?.pathname.slice(1) : asked;
      // What is no address, the engine says better.
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      if (!isPath) {
        Object.assign(modules, await sources.own(name));
        continue;
      }
      const path = `/${decoded(name)}`;
      const content = await sources.file(path);
      if (content === null) continue;
      bytes += content.byteLength;
      if (bytes > MAX_BYTES || seen.size > MAX_MODULES)
        throw new MargayError("payload_too_large", "The code imports more than it may: 100 modules, 4 MB. Read data with files.readText.");
      const module = moduleOf(path, content);
      modules[name] = module;
      if ("js" in module && !/\.json$/iu.test(path)) open.push([name, module.js]);
    }
  }
  return modules;
}

/** Programs are programs, JSON is its value, everything else is text. */
function moduleOf(path: string, content: Uint8Array): RunModule {
  const text = textOfFile(path, content);
  if (/\.json$/iu.test(path)) return { js: `export default JSON.parse(${JSON.stringify(text)});` };
  return /\.(?:m?js)$/iu.test(path) ? { js: text } : { text };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
