import { KEPT_MS } from "./shapes.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** An object in R2 that nothing refers to so long after it was noted is not on its way in any more, however slow who sends it is. */
const WASTE_MS = 24 * 3_600_000;
/** A day brings less than this, in the long run. */
const AT_ONCE = 2_000;

/** Ends what was deleted, and earlier versions, 30 days ago; then the bytes that nothing uses any more. What R2 refuses is tried again the next time. */
export async function tidyWorkspace({
  store,
  bytes,
  transaction,
  now,
}: Pick<WorkspaceDeps, "store" | "bytes" | "transaction" | "now">): Promise<void> {
  const before = now() - KEPT_MS;
  transaction(() => {
    for (const file of store.deletedBefore(before, AT_ONCE)) store.purge(file.id, now());
    for (const version of store.outdated(before, AT_ONCE)) store.deleteVersion(version, now());
    store.pruneShares(now());
  });
  const keys = store.wasteBefore(now() - WASTE_MS, AT_ONCE).filter((key) => !store.usesKey(key));
  // From here on nothing may begin to refer to them.
  transaction(() => store.wasteGoes(keys));
  await bytes.delete(keys);
  store.wasteGone(keys);
}
