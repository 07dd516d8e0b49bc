import { sqliteStorage } from "../../scripts/eval/gate/sqlite-storage.ts";
import { migrateObject } from "../../src/db/object/schema.ts";

/** The storage of a user's object in plain Node, with its tables. */
export function objectStorage(): DurableObjectStorage {
  const { storage } = sqliteStorage();
  migrateObject(storage);
  return storage;
}
