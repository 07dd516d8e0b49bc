import type { FileRef } from "../channels/message.ts";
import { fileView } from "./file-view.ts";
import { UPLOADS, unusedPath } from "./free-path.ts";
import { keptMime } from "./mime-of.ts";
import { noteChange } from "./note-change.ts";
import { pathOfName } from "./path.ts";
import { makeRoom } from "./room.ts";
import type { StoredFile } from "./stored-file.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** What came with a message is among the user's files too: below `/uploads`, under its own name. Their bytes stay the message's. Gives where each is, by its key; null: there is no room for it. Never throws. */
export function filesArrived(files: readonly FileRef[], origin: string, deps: WorkspaceDeps): Map<string, string | null> {
  const { store, newId, now, log, transaction, changed } = deps;
  const places = new Map<string, string | null>();
  for (const { key, name, mime, size } of files) {
    const [there] = store.withKey(key);
    if (there) {
      // Deleted, or another by now, it is where it was all the same.
      places.set(key, there.path);
      continue;
    }
    try {
      makeRoom(size, 1, deps);
    } catch {
      // The message keeps it all the same.
      log("upload_not_filed", { size }, "warn");
      places.set(key, null);
      continue;
    }
    const common = { version: 1, size, mime: keptMime(mime, name), author: "user" as const, untrusted: origin };
    const file: StoredFile = {
      ...common,
      id: newId(),
      path: unusedPath(pathOfName(UPLOADS, name), store),
      createdAt: now(),
      updatedAt: now(),
      deletedAt: null,
      callKey: null,
    };
    transaction(() => {
      store.insert(file);
      store.addVersion({ ...common, fileId: file.id, content: { text: null, key }, hash: key, at: now() });
      noteChange("added", file, { author: "user", untrusted: origin, key: null }, deps);
    });
    changed(fileView(file));
    places.set(key, file.path);
  }
  return places;
}

/** The bytes of an upload are gone: the user deleted the document that it was. What was written over it since stays. */
export function bytesGone(key: string, deps: WorkspaceDeps): void {
  const { store, now, transaction, changed } = deps;
  transaction(() => {
    for (const file of store.withKey(key)) {
      if (store.version(file.id, file.version)?.content.key === key) {
        store.purge(file.id, now());
        noteChange("deleted", file, { author: "user", untrusted: null, key: null }, deps);
        changed(fileView({ ...file, deletedAt: now() }));
      } else for (const old of store.versions(file.id)) if (old.key === key) store.deleteVersion(old, now());
    }
  });
}
