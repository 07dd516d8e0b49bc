import { createHash } from "node:crypto";
import { MargayError } from "../errors.ts";
import { fileView, versionView } from "./file-view.ts";
import { keptMime } from "./mime-of.ts";
import { checkFree, reachablePath, unusedPath } from "./free-path.ts";
import { noteChange } from "./note-change.ts";
import { filePath, folderPath, isWithin, nameOf } from "./path.ts";
import { checkPreconditions, type Conditional, etagOf, type Preconditions } from "./preconditions.ts";
import { missing, tooLarge, tooMany } from "./refusals.ts";
import { listing } from "./listing.ts";
import { checkRoom, makeRoom } from "./room.ts";
import { type FileQuery, type FileVersions, type FileView, type Listing, MAX_FILE_BYTES, MAX_FILES, MAX_VERSIONS } from "./shapes.ts";
import { isSpecialId, type SpecialFile, specialVersions, specialView, staysPut } from "./special-file.ts";
import type { Content, FileVersion, StoredFile } from "./stored-file.ts";
import { textOf } from "./text-of.ts";
import type { WorkspaceDeps, Writer } from "./workspace-deps.ts";

/** Text up to here lies in the object's own storage, where it is read without waiting; everything else in R2. */
export const INLINE_BYTES = 128 * 1024;

/** What a change was, for taking it back. */
export interface Change {
  file: FileView;
  /** The version before; null: there was no file. */
  before: number | null;
  /** Of what is there now. */
  etag: string;
}

/** What a writer wants to find. */
interface Expected extends Conditional {
  /** The version that was read; another one is a `conflict`. */
  version?: number;
}

/** The files of one user: a tree of paths, each with its earlier versions. */
export class Workspace {
  constructor(private readonly deps: WorkspaceDeps) {}

  list(query: FileQuery): Listing {
    return listing(query, this.deps);
  }

  /** Throws `not_found`, with what is called alike. */
  get(path: string): FileView {
    const special = this.#special(path);
    return special ? specialView(special) : fileView(this.#existing(path));
  }

  /** What this call made before; null: nothing. */
  done(key: string): FileView | null {
    const file = this.deps.store.byCall(key);
    return file && fileView(file);
  }

  /** Throws what writing here would be refused for. */
  check(path: string, preconditions?: Preconditions): void {
    const special = this.#special(path);
    // Only what is long is asked about before.
    if (special) throw new MargayError("payload_too_large", `That is too long for ${special.path}.`);
    const at = filePath(path);
    checkFree(at, this.deps.store);
    if (preconditions) checkPreconditions(at, preconditions, this.#found(this.deps.store.at(at)));
  }

  versions(path: string): FileVersions {
    const special = this.#special(path);
    if (special) return specialVersions(special);
    const file = this.#existing(path);
    return { file: fileView(file), versions: this.deps.store.versions(file.id).map(versionView) };
  }

  /** Where the bytes of a file are, as it is or as it was. */
  content(path: string, version?: number): { file: FileView; content: Content } {
    const special = this.#special(path);
    if (special) return { file: specialView(special), content: { text: special.text(), key: null } };
    const file = this.#existing(path);
    const { content, size, mime } = this.#version(file, version ?? file.version);
    return { file: { ...fileView(file), size, mime }, content };
  }

  async bytes(path: string, version?: number): Promise<{ file: FileView; bytes: Uint8Array }> {
    const { file, content } = this.content(path, version);
    if (content.key === null) return { file, bytes: new TextEncoder().encode(content.text) };
    const bytes = await this.deps.bytes.read(content.key);
    if (bytes === null) throw new MargayError("gone", `The bytes of ${file.path} are not there any more.`);
    return { file, bytes };
  }

  /** The text of a file; null: it is something else than text. */
  async text(path: string): Promise<{ file: FileView; text: string | null }> {
    const { file, bytes } = await this.bytes(path);
    return { file, text: textOf(bytes) };
  }

  /**
   * Writes a file, new or over what is there, which stays as its earlier version. The same content again changes nothing.
   */
  async write(path: string, bytes: Uint8Array, by: Writer, given: Expected & { mime?: string } = {}): Promise<Change> {
    const { store } = this.deps;
    const known = this.#done(by);
    if (known) return this.#known(known, known.version > 1 ? known.version - 1 : null);
    const at = filePath(path);
    if (bytes.byteLength > MAX_FILE_BYTES) throw tooLarge();
    const special = this.#special(at);
    if (special) {
      const words = textOf(bytes);
      if (words === null) throw new MargayError("invalid_request", `${at} holds text.`);
      if (given.preconditions) checkPreconditions(at, given.preconditions, { text: special.text(), key: null });
      special.write(words, by);
      this.deps.changed(specialView(special));
      return { file: specialView(special), before: null, etag: etagOf({ text: special.text(), key: null }) };
    }
    checkFree(at, store);
    const mime = keptMime(given.mime ?? null, at);
    const text = bytes.byteLength <= INLINE_BYTES ? textOf(bytes, { mark: true }) : null;
    const there = store.at(at);
    checkRoom(bytes.byteLength, there === null ? 1 : 0, this.deps);
    if (text !== null)
      return this.#write(at, { content: { text, key: null }, size: bytes.byteLength, mime, hash: sha256(bytes) }, by, given);
    const key = this.deps.bytes.newKey();
    // Before the bytes are there: a crash leaves nothing that nobody knows of.
    store.waste(key, this.deps.now());
    const hash = await this.deps.bytes.put(key, bytes, { name: nameOf(at), mime });
    this.#checkThere(key);
    return this.#write(at, { content: { text: null, key }, size: bytes.byteLength, mime, hash }, by, given);
  }

  /** Takes over bytes that lie in R2 already. Once: repeated, it gives the file that they became. */
  async keep(path: string, key: string, by: Writer, given: Expected = {}): Promise<Change> {
    const [known] = this.deps.store.withKey(key);
    if (known) return this.#known(known, null);
    const head = await this.deps.bytes.head(key);
    if (head === null) throw new MargayError("not_found", "There is no such upload.");
    this.#checkThere(key);
    const { store } = this.deps;
    const at = filePath(path);
    checkFree(at, store);
    return this.#write(at, { content: { text: null, key }, size: head.size, mime: keptMime(head.mime, at), hash: head.hash }, by, given);
  }

  /** Moves a file, or a folder with all that is in it. What is in the way is refused, never replaced. */
  move(from: string, to: string, by: Writer, preconditions?: Preconditions): FileView[] {
    const { store, transaction, now } = this.deps;
    const known = by.key === null ? [] : store.allByCall(by.key);
    if (known.length > 0) return known.map(fileView);
    const source = folderPath(from);
    const target = filePath(to);
    const special = this.#special(source) ?? this.#special(target);
    if (special) throw staysPut(special);
    const one = store.at(source);
    const files = one ? [one] : store.below(source, MAX_FILES);
    if (files.length === 0 || source === "/") throw missing(source, this.deps);
    if (preconditions) checkPreconditions(source, preconditions, one ? this.#found(one) : "folder");
    if (source === target) return files.map(fileView);
    if (!one && isWithin(target, source)) throw new MargayError("invalid_request", `${source} cannot be moved into itself.`);
    if (store.at(target) || store.isFolder(target)) throw new MargayError("conflict", `There is something at ${target} already.`);
    checkFree(target, store);
    if (one && by.author === "agent" && by.untrusted !== null && nameOf(target) !== nameOf(source) && store.isShared(one.id, now()))
      throw new MargayError(
        "forbidden",
        `Whoever has a link to ${source} reads its name, and content from outside was read before this: only the user gives it another one.`,
      );
    const moved = transaction(() =>
      files.map((file) => {
        const next = {
          ...file,
          path: filePath(target + file.path.slice(source.length)),
          // The name is then a word from outside too.
          untrusted: file.untrusted ?? by.untrusted,
          updatedAt: now(),
          callKey: by.key,
        };
        store.update(next);
        noteChange("moved", next, by, this.deps);
        return fileView(next);
      }),
    );
    for (const file of moved) this.deps.changed(file);
    return moved;
  }

  /** Deletes a file, or a folder with all that is in it; for 30 days each can be brought back. */
  delete(path: string, by: Writer, preconditions?: Preconditions): FileView[] {
    const { store, transaction, now } = this.deps;
    const known = by.key === null ? [] : store.allByCall(by.key).filter((file) => file.deletedAt !== null);
    if (known.length > 0) return known.map(fileView);
    const at = folderPath(path);
    const special = this.#special(at);
    if (special) throw staysPut(special);
    if (at === "/") throw new MargayError("invalid_request", "That would delete all of the files at once. Name a file or a folder.");
    const one = store.at(at);
    const files = one ? [one] : store.below(at, MAX_FILES);
    if (files.length === 0) throw missing(at, this.deps);
    if (preconditions) checkPreconditions(at, preconditions, one ? this.#found(one) : "folder");
    // One moment for all: what went together is brought back together.
    const deletedAt = now();
    const deleted = transaction(() =>
      files.map((file) => {
        const next = { ...file, deletedAt, callKey: by.key };
        store.update(next);
        noteChange("deleted", next, by, this.deps);
        return fileView(next);
      }),
    );
    for (const file of deleted) this.deps.changed(file);
    return deleted;
  }

  /** Makes an earlier version the newest one. */
  restore(path: string, version: number, by: Writer): FileView {
    const file = this.#existing(path);
    const old = this.#version(file, version);
    if (version === file.version) return fileView(file);
    return this.#write(file.path, old, { ...by, untrusted: old.untrusted }, {}, file.id).file;
  }

  /** Brings back what was deleted, under its old path or, where that is taken, one beside it. */
  undelete(id: string, by: Writer): FileView {
    const { store, now, transaction } = this.deps;
    const file = store.get(id);
    if (!file) throw new MargayError("not_found", "There is no such file. What was deleted is kept for 30 days.");
    if (file.deletedAt === null) return fileView(file);
    if (store.usage().files >= MAX_FILES) throw tooMany();
    const next = { ...file, path: unusedPath(reachablePath(file.path, store), store), deletedAt: null, updatedAt: now(), callKey: null };
    transaction(() => {
      store.update(next);
      noteChange("brought back", next, by, this.deps);
    });
    this.deps.changed(fileView(next));
    return fileView(next);
  }

  /** Takes a write back: the version before is the newest again, or the file goes. Throws `conflict` when it was changed since. */
  takeBack(id: string, version: number, before: number | null, by: Writer): FileView {
    if (isSpecialId(id))
      throw new MargayError("unsupported", "That file is a setting: under Settings → History it can be put back as it was.");
    const file = this.deps.store.get(id);
    if (!file || file.deletedAt !== null || file.version !== version)
      throw new MargayError("conflict", `${file?.path ?? "That file"} was changed or deleted since, so I left it as it is.`);
    if (before !== null) return this.restore(file.path, before, by);
    const [gone] = this.delete(file.path, by);
    return gone ?? fileView(file);
  }

  /** Moves files back to where they were, each only if it still is where it was moved to. */
  moveBack(moved: readonly { id: string; from: string; to: string }[], by: Writer): FileView[] {
    const { store, transaction } = this.deps;
    return transaction(() =>
      moved.map(({ id, from, to }) => {
        const file = store.get(id);
        if (!file || file.deletedAt !== null || file.path !== to)
          throw new MargayError("conflict", `${to} was moved or deleted since, so I left it where it is.`);
        return this.move(to, from, { ...by, key: null })[0] ?? fileView(file);
      }),
    );
  }

  #write(
    path: string,
    { content, size, mime, hash }: Pick<FileVersion, "content" | "size" | "mime" | "hash">,
    by: Writer,
    { version: expected, preconditions }: Expected,
    /** A file whose versions make no room. */
    except?: string,
  ): Change {
    const { store, transaction, now, newId } = this.deps;
    const written = transaction(() => {
      const there = store.at(path);
      // Something may have been put there while the bytes were on their way.
      if (!there) checkFree(path, store);
      if (expected !== undefined && there?.version !== expected)
        throw new MargayError("conflict", `${path} was changed meanwhile. Read it again.`);
      const current = there && store.version(there.id, there.version);
      if (preconditions) checkPreconditions(path, preconditions, current?.content ?? null);
      if (there && current?.hash === hash && current.untrusted === by.untrusted)
        return { file: there, before: there.version, content: current.content, same: true };
      makeRoom(size, there === null ? 1 : 0, this.deps, except);
      const version = (there?.version ?? 0) + 1;
      const file: StoredFile = {
        id: there?.id ?? newId(),
        path,
        version,
        size,
        mime,
        author: by.author,
        untrusted: by.untrusted,
        createdAt: there?.createdAt ?? now(),
        updatedAt: now(),
        deletedAt: null,
        callKey: by.key,
      };
      if (there) store.update(file);
      else store.insert(file);
      store.addVersion({ fileId: file.id, version, content, size, mime, hash, author: by.author, untrusted: by.untrusted, at: now() });
      store.trim(file.id, MAX_VERSIONS, now());
      noteChange(there ? "changed" : "added", file, by, this.deps);
      return { file, before: there?.version ?? null, content, same: false };
    });
    if (!written.same) this.deps.changed(fileView(written.file));
    return { file: fileView(written.file), before: written.before, etag: etagOf(written.content) };
  }

  #known(file: StoredFile, before: number | null): Change {
    return { file: fileView(file), before, etag: etagOf(this.#version(file, file.version).content) };
  }

  #found(file: StoredFile | null): Content | null {
    return file && this.#version(file, file.version).content;
  }

  /** Throws where bytes that came are taken for waste by now: they came a day after they were expected, or the clock was set. */
  #checkThere(key: string): void {
    const { store, now } = this.deps;
    if (store.mayUse(key)) return;
    store.waste(key, now());
    throw new MargayError("conflict", "It took too long, and what came of it is not kept. Send it again.");
  }

  #done(by: Writer): StoredFile | null {
    return by.key === null ? null : this.deps.store.byCall(by.key);
  }

  #special(path: string): SpecialFile | null {
    const { special } = this.deps;
    const at = special.length === 0 ? null : folderPath(path);
    return special.find((file) => file.path === at) ?? null;
  }

  #existing(path: string): StoredFile {
    const at = filePath(path);
    return this.deps.store.at(at) ?? fail(missing(at, this.deps));
  }

  #version(file: StoredFile, version: number): FileVersion {
    return (
      this.deps.store.version(file.id, version) ??
      fail(new MargayError("not_found", `There is no version ${version} of ${file.path}. The last ${MAX_VERSIONS} are kept, for 30 days.`))
    );
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function fail(error: MargayError): never {
  throw error;
}
