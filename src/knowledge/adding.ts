import { createHash } from "node:crypto";
import type { FileRef } from "../channels/message.ts";
import type { Egress } from "../egress/client.ts";
import type { EgressOptions } from "../egress/egress-result.ts";
import { MargayError } from "../errors.ts";
import { cleanFileName, cleanMime } from "../http/file-names.ts";
import type { Clearing } from "./clearing.ts";
import type { KnowledgeDeps } from "./deps.ts";
import { type DocumentRow, queued, viewOf } from "./document-row.ts";
import { mayBeArchive } from "./file-kinds.ts";
import { DocumentError, PARSE_LIMITS } from "./parsed.ts";
import { DocumentInput, type DocumentsAdded } from "./shapes.ts";
import { isZipArchive } from "./unzip.ts";
import { nameOfAnswer } from "./url-name.ts";
import type { ArchiveMember } from "./archive-members.ts";

/** The most that is fetched from an address, bytes: it is in memory once while it comes, and once more whole. */
export const MAX_FETCHED = 20 * 1024 * 1024;
const FETCH_MS = 60_000;
/** Files of an archive that are named as left out, at most. */
const MAX_SKIPPED = 500;
/** How many documents a user may have. */
export const MAX_DOCUMENTS = 10_000;

export interface AddingDeps extends KnowledgeDeps {
  egress: Pick<Egress, "get">;
  /** Files of an archive that are documents, and what is left out. Throws `DocumentError` for an archive that cannot be taken in. */
  unzip(bytes: Uint8Array): AsyncIterable<ArchiveMember>;
  /** Ends the reading of a version that is not wanted any more. */
  stopReading(content: string): void;
  /** Whether a message refers to a file. */
  inMessages(key: string): boolean;
  clearing: Clearing;
}

/** Where something that is taken in belongs. */
interface Place {
  name: string;
  /** Undefined: nobody said. */
  collectionId: string | null | undefined;
  sourceUrl: string | null;
  replaces: string | null;
  /** The title that is found in it becomes its name. */
  titled: boolean;
  by: "user" | "agent";
}

/** How an address is asked for, and who wants it. */
interface AddOptions extends Pick<EgressOptions, "follow" | "signal"> {
  by?: "user" | "agent";
}

/** Takes files and addresses in, each once: the same bytes are the document that is there. Nothing is read here; that goes on in the background. */
export class Adding {
  constructor(private readonly deps: AddingDeps) {}

  async add(given: DocumentInput, options: AddOptions = {}): Promise<DocumentsAdded> {
    const input = DocumentInput.parse(given);
    if ((input.key === undefined) === (input.url === undefined))
      throw new MargayError("invalid_request", "Give either the key of an uploaded file or an address.");
    if (typeof input.collection_id === "string" && !this.deps.collections.get(input.collection_id))
      throw new MargayError("not_found", "There is no such collection.");
    if (input.replaces !== undefined && !this.deps.documents.get(input.replaces))
      throw new MargayError("not_found", "There is no such document.");
    return input.key === undefined ? this.#addUrl(input, input.url ?? "", options) : this.#addKey(input, input.key);
  }

  /** A file that came with a message. Null: it is not there any more. */
  async addAttachment(file: FileRef): Promise<DocumentRow | null> {
    const sha256 = await this.deps.originals.hash(file.key);
    if (sha256 === null) return null;
    return this.#take(file, sha256, {
      name: file.name,
      collectionId: undefined,
      sourceUrl: null,
      replaces: null,
      titled: false,
      by: "user",
    }).row;
  }

  async #addKey(input: DocumentInput, key: string): Promise<DocumentsAdded> {
    const { originals } = this.deps;
    const kept = await originals.head(key);
    if (!kept) throw new MargayError("not_found", "There is no such file. Upload it first.");
    checkSize(kept.size, PARSE_LIMITS.bytes);
    const file: FileRef = {
      ...kept,
      name: input.name === undefined ? kept.name : cleanFileName(input.name),
      mime: input.mime === undefined ? kept.mime : cleanMime(input.mime),
    };
    const archive = mayBeArchive(kept) ? await originals.read(key) : null;
    if (archive && isZipArchive(archive)) {
      const added = await this.#addArchive(archive, kept.name, input);
      // Its files are kept one by one.
      this.deps.documents.waste({ kind: "file", ref: key });
      this.deps.wakeAt(this.deps.now());
      return added;
    }
    const sha256 = await originals.hash(key);
    if (sha256 === null) throw new MargayError("not_found", "There is no such file. Upload it first.");
    return this.#one(file, sha256, placeOf(input, file.name));
  }

  async #addUrl(input: DocumentInput, url: string, { by = "user", ...fetch }: AddOptions): Promise<DocumentsAdded> {
    const result = await this.deps.egress.get(url, { ...fetch, maxBytes: MAX_FETCHED, timeoutMs: FETCH_MS });
    if (!result.ok) {
      // Where a server led on, the sentence holds its words.
      const told = result.sent && (result.redirected === true || result.location !== undefined || result.code === "unsupported_type");
      throw new MargayError("invalid_request", result.message, told ? { untrusted: new URL(url).host } : undefined);
    }
    if (result.status < 200 || result.status >= 300)
      throw new MargayError("invalid_request", `The address answered with status ${result.status}, not with the document.`);
    if (result.truncated) checkSize(MAX_FETCHED + 1, MAX_FETCHED);
    if (result.bytes.byteLength === 0) throw new MargayError("invalid_request", "There is nothing at this address: the answer is empty.");
    const { name, said } = nameOfAnswer(result);
    const mime = cleanMime(result.mediaType);
    if (mayBeArchive({ name, mime }) && isZipArchive(result.bytes)) return this.#addArchive(result.bytes, name, input);
    const before = input.replaces ?? this.deps.documents.bySource(url)?.id ?? null;
    const place: Place = { ...placeOf(input, name), sourceUrl: url, replaces: before, titled: input.name === undefined && !said, by };
    return this.#bytes(result.bytes, { name, mime }, place);
  }

  /** Every file of it is a document; one of the same path in the same collection gets a new version. */
  async #addArchive(bytes: Uint8Array, name: string, input: DocumentInput): Promise<DocumentsAdded> {
    if (input.replaces !== undefined) throw new MargayError("invalid_request", "An archive cannot take the place of one document.");
    const { deps } = this;
    const collectionId =
      input.collection_id === undefined
        ? deps.transaction(() => deps.collections.named(name.replace(/\.zip$/i, ""))).id
        : input.collection_id;
    const all: DocumentsAdded = { documents: [], known: [], skipped: [] };
    for await (const member of understood(deps.unzip(bytes))) {
      if ("reason" in member) {
        if (all.skipped.length < MAX_SKIPPED) all.skipped.push(member);
        continue;
      }
      const known = collectionId === null ? null : deps.documents.inCollection(member.path, collectionId);
      const place: Place = { name: member.path, collectionId, sourceUrl: null, replaces: known?.id ?? null, titled: false, by: "user" };
      const one = await this.#bytes(member.bytes, { name: cleanFileName(member.path), mime: member.mime }, place);
      all.documents.push(...one.documents);
      all.known.push(...one.known);
    }
    return all;
  }

  async #bytes(bytes: Uint8Array, { name, mime }: { name: string; mime: string }, place: Place): Promise<DocumentsAdded> {
    const { originals, documents, clearing } = this.deps;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const known = documents.byHash(sha256);
    if (known) return this.#one(ownFile(known, sha256), sha256, place);
    const key = originals.newKey();
    // Noted before it is there: an object that ends in between leaves no file that nobody knows of.
    const arrived = clearing.coming(key);
    try {
      await originals.put({ key, name, mime }, bytes);
      return this.#one({ key, name, mime, size: bytes.byteLength }, sha256, place);
    } finally {
      arrived();
    }
  }

  #one(file: FileRef, sha256: string, place: Place): DocumentsAdded {
    const { row, known } = this.#take(file, sha256, place);
    const view = viewOf(row);
    return { documents: known ? [] : [view], known: known ? [view] : [], skipped: [] };
  }

  /** In one transaction, so that the same bytes given twice at once are one document too. */
  #take(file: FileRef, sha256: string, place: Place): { row: DocumentRow; known: boolean } {
    const { deps } = this;
    const taken = deps.transaction(() => {
      const known = deps.documents.byHash(sha256);
      if (known) return { row: this.#again(known, file, sha256, place), known: true };
      const before = place.replaces === null ? null : deps.documents.get(place.replaces);
      const row = before ? this.#replacing(before, file, sha256, place) : this.#fresh(file, sha256, place);
      deps.documents.write(row);
      deps.documents.addFile(file, row.id, sha256);
      deps.audit("added", row.id, place.by);
      return { row, known: false };
    });
    deps.changed(viewOf(taken.row));
    deps.wakeAt(deps.now());
    return taken;
  }

  #fresh(file: FileRef, sha256: string, { name, collectionId, sourceUrl, titled }: Place): DocumentRow {
    const { documents, newId, now } = this.deps;
    if (documents.count() >= MAX_DOCUMENTS)
      throw new MargayError(
        "conflict",
        `There are ${MAX_DOCUMENTS.toLocaleString("en-US")} documents, which is as many as fit. Delete some first.`,
      );
    const id = newId();
    return {
      id,
      rev: 1,
      name,
      collectionId: collectionId ?? null,
      live: null,
      next: queued({ content: id, number: 1, file, sha256, sourceUrl }, { titled }),
      createdAt: now(),
      updatedAt: now(),
    };
  }

  /** A new version: the one that is searched stays until this one was read. One that waited, or failed, goes. */
  #replacing(before: DocumentRow, file: FileRef, sha256: string, { collectionId, sourceUrl, titled }: Place): DocumentRow {
    const { documents, newId, now } = this.deps;
    if (before.next) {
      this.deps.stopReading(before.next.content);
      documents.dropContent(before.next.content);
      if (before.next.sha256 !== before.live?.sha256) documents.dropFiles(before.id, before.next.sha256);
    }
    const number = (before.live?.number ?? 0) + 1;
    return {
      ...before,
      rev: before.rev + 1,
      collectionId: collectionId === undefined ? before.collectionId : collectionId,
      next: queued(
        { content: `${before.id}~${newId().slice(0, 8)}`, number, file, sha256, sourceUrl },
        { titled: titled && before.live === null },
      ),
      updatedAt: now(),
    };
  }

  /** The same bytes once more. Where it was not read, it is tried again; where nobody had sorted it, it goes where it was put now. */
  #again(known: DocumentRow, file: FileRef, sha256: string, { collectionId }: Place): DocumentRow {
    const { documents, newId, now } = this.deps;
    if (documents.documentOfFile(file.key) === null) {
      // A copy that a message refers to stays as long as the document does; another is of no use.
      if (this.deps.inMessages(file.key)) documents.addFile(file, known.id, sha256);
      else documents.waste({ kind: "file", ref: file.key });
    }
    const failed = known.next?.status === "failed" && known.next.sha256 === sha256;
    const sorted = known.collectionId === null && typeof collectionId === "string";
    if (!failed && !sorted) return known;
    const row: DocumentRow = {
      ...known,
      rev: known.rev + 1,
      collectionId: sorted ? collectionId : known.collectionId,
      next:
        failed && known.next
          ? queued(known.next, { content: `${known.id}~${newId().slice(0, 8)}`, titled: known.next.titled })
          : known.next,
      updatedAt: now(),
    };
    documents.write(row);
    return row;
  }
}

const placeOf = (input: DocumentInput, name: string): Place => ({
  name: input.name ?? name,
  collectionId: input.collection_id,
  sourceUrl: null,
  replaces: input.replaces ?? null,
  titled: false,
  by: "user",
});

/** A copy of a document's bytes that is there already. */
function ownFile({ live, next }: DocumentRow, sha256: string): FileRef {
  const version = live?.sha256 === sha256 ? live : next;
  if (!version) throw new Error("a document without a version");
  return version.file;
}

/** What is wrong with an archive is said to who gave it: what came before is taken in, and giving it again takes nothing in twice. */
async function* understood(members: AsyncIterable<ArchiveMember>): AsyncGenerator<ArchiveMember> {
  try {
    yield* members;
  } catch (error) {
    if (error instanceof DocumentError)
      throw new MargayError(error.code === "too_large" ? "payload_too_large" : "invalid_request", error.message);
    throw error;
  }
}

function checkSize(size: number, most: number): void {
  if (size > most) throw new MargayError("payload_too_large", `A document may have at most ${most / (1024 * 1024)} MB.`);
}
