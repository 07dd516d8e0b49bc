import type { Writer } from "../../workspace/workspace-deps.ts";
import type { Based, KeptFile } from "./sync-plan.ts";

/** The user's files, as the sync sees them. Refusals are a `MargayError`. */
export interface SyncFiles {
  /** Every file that may go into a sandbox. */
  all(): KeptFile[];
  /** Those of them in a folder, at any depth, or the one of that path. */
  within(folder: string): KeptFile[];
  at(path: string): KeptFile | null;
  read(path: string): Promise<Uint8Array>;
  /** `version`: what it was made from, `conflict` when it is another by now; null: there was nothing. `before`: the version before, null: none. */
  write(
    path: string,
    bytes: Uint8Array,
    by: Writer,
    version: number | null,
  ): Promise<{ id: string; version: number; before: number | null }>;
  remove(path: string, by: Writer): void;
  /** Why a path of the sandbox can be none here, as a sentence; null: it can. */
  refusal(path: string): string | null;
}

/** What sessions were given, kept as long as the session. */
export interface BaseStore {
  of(session: string): Map<string, Based>;
  at(session: string, path: string): Based | null;
  set(session: string, path: string, based: Based): void;
  forget(session: string, path: string): void;
}
