import { fileView } from "./file-view.ts";
import type { StoredFile } from "./stored-file.ts";
import type { WorkspaceDeps, Writer } from "./workspace-deps.ts";

/** Tells the trail, which keeps no path, and whoever listens to files. Part of the transaction that changes it. */
export function noteChange(
  event: "added" | "changed" | "moved" | "deleted" | "brought back",
  file: StoredFile,
  by: Writer,
  deps: Pick<WorkspaceDeps, "audit" | "added">,
): void {
  deps.audit({
    kind: "file",
    event,
    actor: by.author,
    subject: file.id,
    tainted: by.untrusted !== null,
    input: file.path,
    summary: `A file was ${event}`,
  });
  if (event === "added" || event === "changed") deps.added(fileView(file), by);
}
