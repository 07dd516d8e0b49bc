import { MESSAGE_WITH_FILE } from "./messages.ts";

/** Everything that refers to an upload in R2 by its key, in the user's object: messages, files, documents, what waits to be one, archives of imports. A table that begins to do so belongs here, or its uploads are ended. */
export class UploadUses {
  constructor(private readonly sql: SqlStorage) {}

  /** Those of the keys that anything refers to. */
  used(keys: readonly string[]): Set<string> {
    if (keys.length === 0) return new Set();
    const asked = JSON.stringify(keys);
    const used = this.#keys(
      `SELECT value AS key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM file_version WHERE r2_key = value) OR EXISTS (SELECT 1 FROM document_file WHERE key = value)
         OR EXISTS (SELECT 1 FROM document_arrival WHERE key = value) OR EXISTS (SELECT 1 FROM import WHERE file_key = value)`,
      asked,
    );
    // Messages are read only for what nothing else has: all those with files, once.
    if (used.size === keys.length) return used;
    const inMessages = this.#keys(
      `SELECT DISTINCT json_extract(item.value, '$.file.key') AS key FROM message, json_each(content) AS item WHERE ${MESSAGE_WITH_FILE} AND json_extract(item.value, '$.kind') = 'file'`,
    );
    return new Set([...used, ...inMessages]);
  }

  #keys(query: string, ...bindings: string[]): Set<string> {
    return new Set(
      this.sql
        .exec<{ key: string }>(query, ...bindings)
        .toArray()
        .map(({ key }) => key),
    );
  }
}
