import { MargayError } from "../../errors.ts";
import { filePath } from "../../workspace/path.ts";
import { MAX_FILES } from "../../workspace/shapes.ts";
import type { StoredFile } from "../../workspace/stored-file.ts";
import type { WorkspaceDeps } from "../../workspace/workspace-deps.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { SyncFiles } from "./sync-files.ts";
import type { KeptFile } from "./sync-plan.ts";

/** The user's files for the sync. Files that are settings (`HEARTBEAT.md`) are not among them: no program changes a setting. */
export function workspaceFiles(workspace: Workspace, { store, special }: Pick<WorkspaceDeps, "store" | "special">): SyncFiles {
  const kept = (file: StoredFile): KeptFile => ({
    id: file.id,
    path: file.path,
    version: file.version,
    size: file.size,
    untrusted: file.untrusted,
    updatedAt: file.updatedAt,
  });
  const isSpecial = (path: string): boolean => special.some((one) => one.path.toLowerCase() === path.toLowerCase());
  return {
    all: () => store.below("/", MAX_FILES).map(kept),
    within(folder) {
      const file = folder === "/" ? null : store.at(folder);
      return (file === null ? store.below(folder, MAX_FILES) : [file]).map(kept);
    },
    at(path) {
      const file = store.at(path);
      return file && kept(file);
    },
    read: async (path) => (await workspace.bytes(path)).bytes,
    async write(path, bytes, by, version) {
      const { file, before } = await workspace.write(path, bytes, by, version === null ? {} : { version });
      return { id: file.id, version: file.version, before };
    },
    remove: (path, by) => void workspace.delete(path, by),
    refusal(path) {
      if (isSpecial(path)) return "It is one of your settings, which no program changes.";
      try {
        // As it is, or not at all: two names that mean the same must not become one.
        return filePath(path) === path ? null : "Its name is written in another form than yours are.";
      } catch (error) {
        if (error instanceof MargayError) return error.message;
        throw error;
      }
    },
  };
}
