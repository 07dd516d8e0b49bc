/** What a sync brought into the user's files, and what it did not. Paths as in the workspace. */
export interface SyncReport {
  /** New files and new versions; `before` null: it is new. `beside`: the path that somebody else changed meanwhile, whose version was left as it is. */
  written: { path: string; id: string; version: number; before: number | null; beside: string | null }[];
  deleted: { path: string; id: string }[];
  notSaved: { path: string; why: string }[];
  /** Folders that programs fill for themselves; they stay in the sandbox. */
  skipped: { path: string; files: number }[];
}

export const emptyReport = (): SyncReport => ({ written: [], deleted: [], notSaved: [], skipped: [] });
