import type { FileRef } from "../channels/message.ts";
import { fileView } from "./file-view.ts";
import { UPLOADS, unusedPath } from "./free-path.ts";
import { noteChange } from "./note-change.ts";
import { pathOfName } from "./path.ts";
import { makeRoom } from "./room.ts";
import type { StoredFile } from "./stored-file.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** What came with a message is among the user's files too: below `/uploads`, under its own name. Their bytes stay the message's. Never throws. */
export function filesArrived(files: readonly FileRef[], origin: string, deps: WorkspaceDeps): void {
  const { store, newId, now, log, transaction, changed } = deps;
  for (const { key, name, mime, size } of files) {
    if (store.withKey(key).length > 0) continue;
    try {
      makeRoom(size, 1, deps);
    } catch {
      // The message keeps it all the same.
      log("upload_not_filed", { size }, "warn");
      continue;
    }
    const common = { version: 1, size, mime, author: "user" as const, untrusted: origin };
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
  }
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
      } else for (const old of store.versions(file.id)) if (old.content.key === key) store.deleteVersion(old, now());
    }
  });
}
