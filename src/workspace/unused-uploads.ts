/** So long an upload may wait for what takes it: a message that is still being written, a delivery that is repeated. */
export const UNUSED_MS = 30 * 86_400_000;
/** Looked at in a day. */
const AT_ONCE = 1_000;

export interface UnusedUploadsDeps {
  /** Uploads in R2 by key, those after one. `at`: when it was put there, UTC milliseconds; `more`: whether there are others after these. */
  list(after: string, limit: number): Promise<{ uploads: { key: string; at: number }[]; more: boolean }>;
  delete(keys: readonly string[]): Promise<void>;
  /** Those that anything of the user's refers to. */
  used(keys: readonly string[]): ReadonlySet<string>;
  /** How far it was looked; empty: from the beginning. */
  position: { read(): string; write(key: string): void };
  now(): number;
}

/**
 * Ends uploads that nothing took: attached and never sent, of a message that was refused, an archive that was none, a put whose Worker ended. What is in R2 is gone through, some of it a day, rather than what was
 * noted: nothing that puts a file there has to tell of it before. Cut off anywhere, the same part is looked at again.
 */
export async function dropUnusedUploads({ list, delete: remove, used, position, now }: UnusedUploadsDeps): Promise<void> {
  const { uploads, more } = await list(position.read(), AT_ONCE);
  const old = uploads.filter(({ at }) => at < now() - UNUSED_MS).map(({ key }) => key);
  // Asked in the same moment in which they go: a message that comes now is either known here, or came 30 days after its file.
  const kept = used(old);
  const unused = old.filter((key) => !kept.has(key));
  if (unused.length > 0) await remove(unused);
  position.write(more ? (uploads.at(-1)?.key ?? "") : "");
}
