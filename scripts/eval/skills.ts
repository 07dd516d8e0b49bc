import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { importSkill, type ImportedSkill } from "../../src/skills/import-skills.ts";
import { SKILL_LIMITS, type FolderEntry } from "../../src/skills/skill.ts";
import type { Evaluation } from "./evaluation.ts";

const USAGE = "usage: npm run eval -- skills DIR";

/**
 * Folders of other people as the product takes them in: read, scanned, judged. A line for each folder that holds a `SKILL.md`. Nothing in them runs, and no link is followed.
 */
export const skills: Evaluation = {
  name: "skills",
  description: "skills: DIR → a line for every folder with a SKILL.md, { path, name, verdict, reasons, risk, granted, findings }",
  async run(args) {
    const [directory] = args;
    if (directory === undefined || args.length > 1 || !statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
      process.stderr.write(`${directory === undefined || args.length > 1 ? "Name one folder." : `${directory} is no folder.`}\n${USAGE}\n`);
      process.exitCode = 2;
      return;
    }
    for (const folder of skillFolders(directory)) await print(importFolder(folder, relative(directory, folder) || "."));
  },
  /** A line is the path of one folder. */
  answer: (line) => importFolder(line, line),
};

function importFolder(folder: string, path: string): ImportedSkill {
  try {
    return importSkill(path.replaceAll("\\", "/"), [...entriesOf(folder, "", { files: 0, bytes: 0 })]);
  } catch (error) {
    const reasons = [`It could not be looked at: ${error instanceof Error ? error.message : String(error)}`];
    return { path, name: null, verdict: "refused", reasons, risk: null, granted: [], findings: [] };
  }
}

/** Whether a folder with these entries is a skill. A folder that is called so makes none. */
const isSkill = (entries: readonly Dirent[]): boolean =>
  entries.some((entry) => entry.name.toLowerCase() === "skill.md" && !entry.isDirectory());

/** Sorted by name, so that two runs say the same; null: it cannot be read. */
function list(folder: string): Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return null;
  }
}

function* skillFolders(folder: string): Generator<string, void> {
  const entries = list(folder);
  if (entries === null) {
    process.stderr.write(`${folder}: cannot be read\n`);
    process.exitCode = 1;
    return;
  }
  if (isSkill(entries)) yield folder;
  for (const entry of entries) if (entry.isDirectory() && entry.name !== ".git") yield* skillFolders(join(folder, entry.name));
}

/** What is in a skill's folder; a folder in it with a `SKILL.md` is another skill. */
function* entriesOf(root: string, below: string, taken: { files: number; bytes: number }): Generator<FolderEntry, void> {
  const entries = list(join(root, below));
  if (entries === null && below !== "") yield { path: below, skipped: "cannot be opened" };
  for (const entry of entries ?? []) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name === ".git") continue;
      if (isSkill(list(join(root, path)) ?? [])) yield { path, skipped: "belong to another skill" };
      else yield* entriesOf(root, path, taken);
    } else if (entry.isSymbolicLink()) yield { path, skipped: "are links" };
    else if (!entry.isFile()) yield { path, skipped: "are no ordinary files" };
    else if (taken.files > SKILL_LIMITS.files || taken.bytes > SKILL_LIMITS.totalBytes)
      yield { path, skipped: "are more than a skill may hold" };
    else {
      const read = readPlainFile(join(root, path), path);
      taken.files++;
      if ("bytes" in read) taken.bytes += read.bytes.length;
      yield read;
    }
  }
}

/** Never through a link, also where one was put there since. */
function readPlainFile(file: string, path: string): FolderEntry {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return { path, skipped: "cannot be opened" };
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { path, skipped: "are no ordinary files" };
    if (stat.size > SKILL_LIMITS.fileBytes) return { path, skipped: `are larger than ${SKILL_LIMITS.fileBytes / 1024 / 1024} MB` };
    return { path, bytes: new Uint8Array(readFileSync(descriptor)) };
  } catch {
    return { path, skipped: "cannot be read" };
  } finally {
    closeSync(descriptor);
  }
}

/** Waits while the reader of our output is slower than we are. */
const print = (value: object): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(`${JSON.stringify(value)}\n`, (error) => (error ? reject(error) : resolve())));
