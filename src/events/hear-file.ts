import { folderPath, isWithin } from "../workspace/path.ts";
import type { FileView } from "../workspace/shapes.ts";
import { type RecordDeps, recordEvents, unseen } from "./record.ts";
import { fileEvent } from "./sources/file.ts";

/**
 * Writes a file that is new or has new content down for each listener to its folder. What the agent wrote itself is no event: one that writes a file whenever a file is written would never end. Part of the caller's transaction;
 * gives whether anybody listens.
 */
export function hearFile(file: FileView, deps: RecordDeps): boolean {
  if (file.author === "agent") return false;
  const event = fileEvent(file);
  let heard = false;
  for (const listener of deps.store.all()) {
    const { source } = listener;
    if (source.kind !== "file" || !isWithin(file.path, folderPath(source.folder))) continue;
    recordEvents(deps, listener, unseen(deps, listener.id, [event]));
    heard = true;
  }
  return heard;
}
