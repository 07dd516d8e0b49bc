import { Anchor, anchorKey, anchorPrefix } from "../audit/anchor.ts";
import type { AuditStore } from "../db/object/audit.ts";
import type { AuditReport } from "./user-agent-api.ts";

/** The part of a bucket that anchors need. */
export interface AnchorBucket {
  put(key: string, value: string, options: { onlyIf: { etagDoesNotMatch: string } }): Promise<unknown>;
  get(key: string): Promise<{ text(): Promise<string> } | null>;
  list(options: { prefix: string; cursor?: string }): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }>;
}

/** Writes the head of the audit trail down outside the object, once a day, and checks the trail against it. */
export class Anchors {
  constructor(private readonly deps: { userId: string; audit: AuditStore; bucket: AnchorBucket; now(): number }) {}

  /** One a day, and none where the day has one: what was written first stands. */
  async anchor(): Promise<void> {
    const { userId, audit, bucket, now } = this.deps;
    const at = now();
    const head: Anchor = { user_id: userId, ...audit.head(), at };
    if (head.seq > 0) await bucket.put(anchorKey(userId, at), JSON.stringify(head), { onlyIf: { etagDoesNotMatch: "*" } });
  }

  /** Checks the whole chain, and that it still holds the newest anchor: one that was cut off and written anew does not. */
  async report(): Promise<AuditReport> {
    const { audit } = this.deps;
    const anchor = await this.#newest();
    const { entries, head, fault } = await audit.verify();
    if (anchor === null) return { entries, head, fault, anchor: null };
    const matches = audit.hashOf(anchor.seq) === anchor.hash;
    const missing = { seq: anchor.seq, problem: "it is not the entry that was written down outside" };
    return {
      entries,
      head,
      fault: fault ?? (matches ? null : missing),
      anchor: { seq: anchor.seq, hash: anchor.hash, at: anchor.at, matches },
    };
  }

  async #newest(): Promise<Anchor | null> {
    const { userId, bucket } = this.deps;
    let newest: string | null = null;
    let cursor: string | undefined;
    do {
      // Keys are dates, so the last is the newest.
      const page = await bucket.list({ prefix: anchorPrefix(userId), ...(cursor === undefined ? {} : { cursor }) });
      newest = page.objects.at(-1)?.key ?? newest;
      cursor = page.truncated ? page.cursor : undefined;
    } while (cursor !== undefined);
    const object = newest === null ? null : await bucket.get(newest);
    if (object === null) return null;
    const read = Anchor.safeParse(JSON.parse(await object.text()));
    return read.success && read.data.user_id === userId ? read.data : null;
  }
}
