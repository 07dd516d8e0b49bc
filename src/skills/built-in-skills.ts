import { BUILT_IN_FILES } from "./built-in-files.ts";
import { type Described, describedSkill } from "./described-skill.ts";
import { readSkill } from "./read-skill.ts";

/** A skill that comes with Margay. */
export interface BuiltInSkill {
  about: Described;
  /** By path. */
  contents: ReadonlyMap<string, Uint8Array>;
}

let known: ReadonlyMap<string, BuiltInSkill> | null = null;

/** The skills that come with Margay, by name. They are read once an isolate: they do not change while it lives. */
export function builtInSkills(): ReadonlyMap<string, BuiltInSkill> {
  known ??= new Map([...folders()].map(([folder, entries]) => [folder, read(folder, entries)]));
  return known;
}

function folders(): Map<string, { path: string; bytes: Uint8Array }[]> {
  const found = new Map<string, { path: string; bytes: Uint8Array }[]>();
  for (const { path, text } of BUILT_IN_FILES) {
    const folder = path.slice(0, path.indexOf("/"));
    const entries = found.get(folder) ?? [];
    entries.push({ path: path.slice(folder.length + 1), bytes: new TextEncoder().encode(text) });
    found.set(folder, entries);
  }
  return found;
}

function read(folder: string, entries: { path: string; bytes: Uint8Array }[]): BuiltInSkill {
  const reading = readSkill(entries, { folder, strict: true });
  // A test reads all of them: what comes here is a fault of ours.
  if (!reading.ok) throw new Error(`the built-in skill ${folder} cannot be read: ${reading.reason}`);
  const { about, contents } = describedSkill(reading.skill, []);
  return { about, contents: new Map(about.files.map(({ path }, index) => [path, contents[index] ?? new Uint8Array()])) };
}
