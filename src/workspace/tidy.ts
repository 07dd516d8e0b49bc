import { KEPT_MS } from "./shapes.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** An object in R2 that nothing refers to so long after it was noted is not on its way in any more. */
const WASTE_MS = 3_600_000;
const AT_ONCE = 500;

/** Ends what was deleted, and earlier versions, 30 days ago; then the bytes that nothing uses any more. What R2 refuses is tried again the next time. */
export async function tidyWorkspace({
  store,
  bytes,
  transaction,
  now,
}: Pick<WorkspaceDeps, "store" | "bytes" | "transaction" | "now">): Promise<void> {
  const before = now() - KEPT_MS;
  transaction(() => {
    for (const file of store.deleted(AT_ONCE)) if ((file.deletedAt ?? 0) < before) store.purge(file.id, now());
    for (const version of store.oldVersions(AT_ONCE)) {
      if (version.at >= before) break;
      const file = store.get(version.fileId);
      if (file && version.version < file.version) store.deleteVersion(version, now());
    }
    store.pruneShares(now());
  });
  const keys = store.wasteBefore(now() - WASTE_MS, AT_ONCE).filter((key) => !store.usesKey(key));
  await bytes.delete(keys);
  store.wasteGone(keys);
}
