import { MargayError } from "../errors.ts";
import type { StoredShare } from "../db/object/files.ts";
import type { NewAuditEntry } from "../db/object/audit.ts";
import { type ShareToken, signShare } from "./share-token.ts";
import { fileView, versionView } from "./file-view.ts";
import { filePath } from "./path.ts";
import { missing } from "./refusals.ts";
import type { FileView, ShareInput, ShareView } from "./shapes.ts";
import type { Content } from "./stored-file.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** Links that work at once, at most. */
export const MAX_SHARES = 100;

export interface SharesDeps extends Pick<WorkspaceDeps, "store" | "special" | "now"> {
  userId: string;
  /** The user's own key for links. */
  key(): Promise<Uint8Array<ArrayBuffer>>;
  audit(entry: NewAuditEntry): void;
  /** 192 random bits, for a link. */
  newShareId(): string;
}

/**
 * Links that let whoever has one read one file, until they end or are taken back. The file as it is when it is read, but for what was written into it where content from outside had been read: a page or a mail
 * could have had it written there to read it by the link. What is deleted is not shown.
 */
export class Shares {
  constructor(private readonly deps: SharesDeps) {}

  async share({ path, hours }: ShareInput): Promise<ShareView> {
    const { store, special, now, audit, newShareId } = this.deps;
    const at = filePath(path);
    const file = store.at(at);
    if (!file) throw special.some((one) => one.path === at) ? isSetting(at) : missing(at, this.deps);
    if (store.shares(now()).length >= MAX_SHARES)
      throw new MargayError("rate_limited", `${MAX_SHARES} links work already. Take some back first.`);
    const share: StoredShare = {
      id: newShareId(),
      fileId: file.id,
      version: file.version,
      createdAt: now(),
      expiresAt: now() + hours * 3_600_000,
    };
    store.addShare(share);
    audit({
      kind: "file",
      event: "shared",
      actor: "user",
      subject: file.id,
      input: file.path,
      summary: `A link to a file was made, for ${hours === 1 ? "an hour" : `${hours} hours`}`,
    });
    return this.#view(share, file.path);
  }

  async list(): Promise<ShareView[]> {
    const { store, now } = this.deps;
    const live = store.shares(now()).flatMap((share) => {
      const file = store.get(share.fileId);
      return file && file.deletedAt === null ? [{ share, path: file.path }] : [];
    });
    return Promise.all(live.map(({ share, path }) => this.#view(share, path)));
  }

  end(id: string): null {
    if (!this.deps.store.deleteShare(id)) throw new MargayError("not_found", "There is no such link.");
    this.deps.audit({ kind: "file", event: "unshared", actor: "user", subject: id, summary: "A link to a file was taken back" });
    return null;
  }

  /** What a link leads to now; null: nothing, for whatever reason. */
  read(id: string): { file: FileView; content: Content } | null {
    const { store, now } = this.deps;
    const share = store.share(id);
    const file = share && share.expiresAt > now() ? store.get(share.fileId) : null;
    if (!share || !file || file.deletedAt !== null) return null;
    const newest = store
      .versions(file.id)
      .find(({ version, author, untrusted }) => version === share.version || author === "user" || untrusted === null);
    const shown = newest && store.version(file.id, newest.version);
    return shown ? { file: { ...fileView(file), ...versionView(shown) }, content: shown.content } : null;
  }

  async #view(share: StoredShare, path: string): Promise<ShareView> {
    const token: ShareToken = { userId: this.deps.userId, shareId: share.id, expiresAt: share.expiresAt };
    return {
      id: share.id,
      path,
      link: `/share/${await signShare(token, await this.deps.key())}`,
      expires_at: share.expiresAt,
      created_at: share.createdAt,
    };
  }
}

const isSetting = (path: string): MargayError => new MargayError("forbidden", `${path} is a setting of yours, which no link leads to.`);
