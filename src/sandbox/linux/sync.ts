import { createHash } from "node:crypto";
import { MargayError } from "../../errors.ts";
import { folderPath, isWithin } from "../../workspace/path.ts";
import { sizeOf } from "../../workspace/size-of.ts";
import type { Writer } from "../../workspace/workspace-deps.ts";
import { besidePath } from "./beside-path.ts";
import type { Tree, TreeOther } from "./contract.ts";
import { type FileRules, SWITCHED_OFF } from "./file-rules.ts";
import type { LinuxSandbox } from "./linux-sandbox.ts";
import { ownFolderOf } from "./own-folders.ts";
import type { BaseStore, SyncFiles } from "./sync-files.ts";
import { type Based, type FoundFile, type KeptFile, planSync, type SyncStep } from "./sync-plan.ts";
import { emptyReport, type SyncReport } from "./sync-report.ts";

/** What goes in of the user's files at most, and what comes back of one command. */
export const MAX_IN_BYTES = 200_000_000;
export const MAX_OUT_FILES = 2_000;
/** The largest file that goes either way: it is in memory twice while it does, and an object has 128 MB for everything. */
export const MAX_SYNCED_FILE = 30_000_000;
export const MAX_OUT_BYTES = 200_000_000;
/** Bytes and files that are on their way at once. */
const BATCH_BYTES = 16_000_000;
const BATCH_FILES = 1_000;
/** Files that are read or written at once. */
const AT_ONCE = 12;

export interface SyncDeps {
  files: SyncFiles;
  base: BaseStore;
  sandbox: LinuxSandbox;
  /** Is told after each part that was brought, with all that came before it. */
  saved?(report: SyncReport): void;
}

export interface SyncedIn {
  /** Files that went in now. */
  pushed: number;
  /** Where content in the sandbox comes from that nobody vouches for: one file that lies there. */
  untrusted: string | null;
  leftOut: { files: number; bytes: number };
  /** What could not be put in. */
  refused: { path: string; why: string }[];
  /** What an earlier command had left there. */
  report: SyncReport;
}

/**
 * Keeps a session's work folder and the user's files alike: what changed since last time goes in before a command, what the command changed comes back as new versions. What changed on both sides is kept twice: the
 * workspace's version stays in its place, the sandbox's lies beside it.
 */
export class Sync {
  constructor(private readonly deps: SyncDeps) {}

  /** `settled`: nothing ran there since the last `out()`, so that what lies there is known. `paths`: only these files and folders; null: all. `by` writes what an earlier command had left there. `rules`: what may be done with the user's files. */
  async in(
    session: string,
    {
      settled,
      paths,
      by,
      rules,
      signal,
    }: { settled: boolean; paths: readonly string[] | null; by: Writer; rules: FileRules; signal: AbortSignal },
  ): Promise<SyncedIn> {
    const { files, base, sandbox } = this.deps;
    const given = base.of(session);
    const report = emptyReport();
    if (!settled) {
      const { plan } = await this.#look(session, report, signal);
      await this.#bring(session, plan, { by, report, rules, deletions: false, signal });
    }
    // Each once: a user may have ten thousand of them, and every command comes through here.
    const known = settled ? given : base.of(session);
    const kept = files.all();
    const steps = planSync({ base: known, workspace: byPath(kept), sandbox: assumed(known) });
    const selected = rules.read ? select(kept, paths, given) : NOTHING;
    // What lies there and could not be saved is nowhere else: it is neither written over nor taken out.
    const unsaved = new Set(report.notSaved.map(({ path }) => path));
    const free = steps.filter((step) => !unsaved.has(pathOf(step)));
    const pushes = free.flatMap((step) => (step.kind === "push" && selected.paths.has(step.file.path) ? [step.file] : []));
    const removed = free.flatMap((step) => (step.kind === "remove" ? [step.path] : []));
    if (removed.length > 0) await sandbox.delete(session, removed.map(inSandbox), signal);
    for (const path of removed) base.forget(session, path);
    const refused: SyncedIn["refused"] = [];
    for (const batch of batches(pushes)) refused.push(...(await this.#push(session, batch, signal)));
    // Whatever lies there, and not only what went in now: what went in before may have been for a command that never began.
    const inside = pushes.length + removed.length === 0 ? known : base.of(session);
    const outside = [...pushes, ...kept.filter((file) => isBase(file, inside.get(file.path) ?? null))].find(
      ({ untrusted }) => untrusted !== null,
    );
    return {
      pushed: pushes.length - refused.length,
      untrusted: outside === undefined ? null : `file ${outside.path}`.slice(0, 200),
      leftOut: selected.leftOut,
      refused,
      report,
    };
  }

  /** Brings back what changed there; what is gone there is deleted here too. */
  async out(session: string, { by, rules, signal }: { by: Writer; rules: FileRules; signal: AbortSignal }): Promise<SyncReport> {
    const report = emptyReport();
    const { plan, complete } = await this.#look(session, report, signal);
    await this.#bring(session, plan, { by, report, rules, deletions: complete, signal });
    return report;
  }

  async #look(session: string, report: SyncReport, signal: AbortSignal): Promise<{ plan: SyncStep[]; complete: boolean }> {
    const { files, base, sandbox } = this.deps;
    const tree = await sandbox.tree(session, signal);
    const known = base.of(session);
    const found = this.#found(tree, known, report);
    return { plan: planSync({ base: known, workspace: byPath(files.all()), sandbox: found }), complete: tree.complete };
  }

  /** What of a tree can be a file of the user's; the rest is told. What went in and cannot come back counts as it went in: it is there, so it was not deleted. */
  #found(tree: Tree, known: ReadonlyMap<string, Based>, report: SyncReport): Map<string, FoundFile> {
    const found = new Map<string, FoundFile>();
    const skipped = new Map<string, number>();
    for (const { path: name, size, sha256 } of tree.files) {
      const path = `/${name}`;
      const folder = ownFolderOf(path);
      const refusal = folder === null ? this.deps.files.refusal(path) : null;
      const given = known.get(path)?.sha256;
      if ((folder === null && refusal === null) || sha256 === given) {
        found.set(path, { path, size, sha256 });
        continue;
      }
      if (given !== undefined) found.set(path, { path, size, sha256: given });
      if (folder !== null) skipped.set(folder, (skipped.get(folder) ?? 0) + 1);
      else if (refusal !== null) report.notSaved.push({ path, why: refusal });
    }
    for (const { path: name, kind } of tree.others) {
      const path = `/${name}`;
      const why = OTHERS[kind];
      if (why === null) continue;
      report.notSaved.push({ path, why });
      const given = known.get(path)?.sha256;
      if (given !== undefined) found.set(path, { path, size: 0, sha256: given });
    }
    report.skipped.push(...[...skipped].map(([path, files]) => ({ path, files })));
    return found;
  }

  async #bring(
    session: string,
    plan: readonly SyncStep[],
    { by, report, rules, deletions, signal }: { by: Writer; report: SyncReport; rules: FileRules; deletions: boolean; signal: AbortSignal },
  ): Promise<void> {
    const { files, base } = this.deps;
    const coming: FoundFile[] = [];
    const left = { files: MAX_OUT_FILES, bytes: MAX_OUT_BYTES };
    for (const step of plan) {
      if (step.kind === "forget") base.forget(session, step.path);
      else if (step.kind === "gone") {
        if (deletions && !rules.delete) report.notSaved.push({ path: step.file.path, why: SWITCHED_OFF.delete });
        else if (deletions && files.at(step.file.path)?.version === step.file.version) {
          files.remove(step.file.path, by);
          report.deleted.push({ path: step.file.path, id: step.file.id });
        }
        // Not deleted here: it goes in again next time.
        base.forget(session, step.file.path);
      } else if (step.kind === "pull" || step.kind === "beside") {
        const { found } = step;
        if (!rules.write) {
          report.notSaved.push({ path: found.path, why: SWITCHED_OFF.write });
          continue;
        }
        if (found.size > MAX_SYNCED_FILE) {
          report.notSaved.push({ path: found.path, why: TOO_LARGE });
          continue;
        }
        left.files -= 1;
        left.bytes -= found.size;
        if (left.files >= 0 && left.bytes >= 0) coming.push(found);
        else report.notSaved.push({ path: found.path, why: TOO_MUCH });
      }
    }
    if (report.deleted.length > 0) this.deps.saved?.(report);
    for (const batch of batches(coming)) {
      const wanted = batch.map(({ path, size }) => ({ path: inSandbox(path), size }));
      const contents = await this.deps.sandbox.read(session, wanted, signal);
      await inParallel(batch, async ({ path }) => {
        const bytes = contents.get(inSandbox(path));
        if (bytes === undefined) report.notSaved.push({ path, why: "It could not be read." });
        else await this.#save(session, path, bytes, by, report);
      }).finally(() => this.deps.saved?.(report));
    }
    // In one order, whichever was done first.
    for (const told of [report.written, report.notSaved]) told.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Writes one file, in its place if nobody else changed it since, else beside. */
  async #save(session: string, path: string, bytes: Uint8Array, by: Writer, report: SyncReport): Promise<void> {
    const { files, base } = this.deps;
    const sha256 = hashOf(bytes);
    const before = base.at(session, path);
    try {
      const there = files.at(path);
      if (there === null || isBase(there, before)) {
        const made = await this.#write(path, bytes, by, there?.version ?? null);
        if (made !== null) {
          base.set(session, path, { fileId: made.id, version: made.version, sha256 });
          report.written.push({ path, ...made, beside: null });
          return;
        }
      }
      const now = files.at(path);
      if (now !== null && hashOf(await files.read(path)) === sha256)
        return base.set(session, path, { fileId: now.id, version: now.version, sha256 });
      const beside = besidePath(path, (one) => files.at(one) === null && files.refusal(one) === null);
      const made = await files.write(beside, bytes, by, null);
      report.written.push({ path: beside, ...made, beside: path });
      // As if it had been given nothing yet, and had not changed it since: next time it gets what the workspace has.
      base.set(session, path, { fileId: before?.fileId ?? "", version: before?.version ?? 0, sha256 });
    } catch (error) {
      if (!(error instanceof MargayError)) throw error;
      report.notSaved.push({ path, why: error.message });
    }
  }

  /** null: somebody changed it while the bytes were on their way. */
  async #write(
    path: string,
    bytes: Uint8Array,
    by: Writer,
    version: number | null,
  ): Promise<Awaited<ReturnType<SyncFiles["write"]>> | null> {
    try {
      return await this.deps.files.write(path, bytes, by, version);
    } catch (error) {
      if (error instanceof MargayError && error.code === "conflict" && version !== null) return null;
      throw error;
    }
  }

  async #push(session: string, batch: readonly KeptFile[], signal: AbortSignal): Promise<SyncedIn["refused"]> {
    const { files, base, sandbox } = this.deps;
    const contents: { file: KeptFile; path: string; bytes: Uint8Array }[] = [];
    const refused: SyncedIn["refused"] = [];
    await inParallel(batch, async (file) => {
      try {
        const bytes = await files.read(file.path);
        const now = files.at(file.path);
        // Another by now may be from outside, and what goes in counts as what was looked at.
        if (now?.id !== file.id || now.version !== file.version) refused.push({ path: file.path, why: CHANGED });
        else contents.push({ file, path: inSandbox(file.path), bytes });
      } catch (error) {
        if (!(error instanceof MargayError)) throw error;
        refused.push({ path: file.path, why: error.message });
      }
    });
    const refusals = new Map(
      (contents.length === 0 ? [] : await sandbox.put(session, contents, signal)).map(({ path, reason }) => [path, reason]),
    );
    for (const { file, path, bytes } of contents) {
      const reason = refusals.get(path);
      if (reason === undefined) base.set(session, file.path, { fileId: file.id, version: file.version, sha256: hashOf(bytes) });
      else
        refused.push({
          path: file.path,
          why: reason === "no-room" ? "There is no room for it in the Linux." : `It could not be put there (${reason}).`,
        });
    }
    return refused;
  }
}

const TOO_LARGE = `It is larger than ${sizeOf(MAX_SYNCED_FILE)}, which is the most that comes out in one file. It stays in the Linux; divide or pack it.`;
const TOO_MUCH = `More than ${MAX_OUT_FILES.toLocaleString("en")} files or ${sizeOf(MAX_OUT_BYTES)} were changed at once. It stays in the Linux; pack them into one file.`;

const CHANGED = "It was changed at that moment. It goes in with the next command.";

/** Where no file of the user's may go in. */
const NOTHING = { paths: new Set<string>(), leftOut: { files: 0, bytes: 0 } };

/** Why something that is no file is not saved; null: nobody misses it. */
const OTHERS: Record<TreeOther["kind"], string | null> = {
  symlink: "It is a link, which is not followed.",
  unreadable: "It could not be read.",
  special: "It is no file but a pipe, a socket or a device.",
  unnameable: "Its name cannot be written down.",
  "empty-folder": null,
  "too-deep": "It is too many folders deep.",
};

const pathOf = (step: SyncStep): string => ("path" in step ? step.path : "file" in step ? step.file.path : step.found.path);

/** `/notes/a.md` as the server has it: `notes/a.md`. */
const inSandbox = (path: string): string => path.slice(1);

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const isBase = (file: KeptFile, base: Based | null): boolean => file.id === base?.fileId && file.version === base.version;

const byPath = (files: readonly KeptFile[]): Map<string, KeptFile> => new Map(files.map((file) => [file.path, file]));

/** A sandbox as it was left. */
const assumed = (base: ReadonlyMap<string, Based>): Map<string, FoundFile> =>
  new Map([...base].map(([path, { sha256 }]) => [path, { path, size: 0, sha256 }]));

/** Which files go in: what is asked for, or was there before; where that is too much, those that changed last. */
function select(
  files: readonly KeptFile[],
  paths: readonly string[] | null,
  base: ReadonlyMap<string, Based>,
): { paths: Set<string>; leftOut: SyncedIn["leftOut"] } {
  const folders = paths?.map(folderPath) ?? null;
  const wanted = files.filter(({ path }) => folders === null || base.has(path) || folders.some((folder) => isWithin(path, folder)));
  const chosen = new Set<string>();
  const leftOut = { files: 0, bytes: 0 };
  let room = MAX_IN_BYTES;
  for (const { path, size } of wanted.toSorted((a, b) => b.updatedAt - a.updatedAt)) {
    if (size <= Math.min(room, MAX_SYNCED_FILE)) {
      room -= size;
      chosen.add(path);
    } else {
      leftOut.files += 1;
      leftOut.bytes += size;
    }
  }
  return { paths: chosen, leftOut };
}

/** Divides files so that each part fits into memory. One that alone is larger comes alone. */
function batches<T extends { size: number }>(files: readonly T[]): T[][] {
  const all: T[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = all.at(-1);
    if (last === undefined || last.length >= BATCH_FILES || bytes + file.size > BATCH_BYTES) {
      all.push([file]);
      bytes = file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return all;
}

/** Where one fails, what is under way is over all the same when this throws. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const ends = await Promise.allSettled(
    Array.from({ length: Math.min(AT_ONCE, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
