import { MargayError } from "../errors.ts";
import { tooMany } from "./refusals.ts";
import { MAX_FILES } from "./shapes.ts";
import { sizeOf } from "./size-of.ts";
import type { VersionAbout } from "./stored-file.ts";
import type { WorkspaceDeps } from "./workspace-deps.ts";

/** Earlier versions that are looked at first; where they do not do, ever more. */
const AT_FIRST = 200;

type RoomDeps = Pick<WorkspaceDeps, "store" | "quota" | "transaction" | "now">;

/** Makes room for so many bytes and files: earlier versions and what was deleted go first, the oldest of them. Throws `payload_too_large` where there is no room, and then nothing has gone. */
export function makeRoom(bytes: number, files: number, deps: RoomDeps, except?: string): void {
  const { store, transaction, now } = deps;
  const going = checkRoom(bytes, files, deps, except);
  transaction(() => {
    for (const version of going) {
      store.deleteVersion(version, now());
      if (store.versions(version.fileId).length === 0) store.purge(version.fileId, now());
    }
  });
}

/** What has to go for so many bytes and files, which may come yet or not. Throws `payload_too_large` where there is no room. */
export function checkRoom(
  bytes: number,
  files: number,
  { store, quota }: Pick<RoomDeps, "store" | "quota">,
  except?: string,
): VersionAbout[] {
  const used = store.usage();
  if (files > 0 && used.files + files > MAX_FILES) throw tooMany();
  const over = used.bytes + bytes - quota();
  if (over <= 0) return [];
  return oldest(over, except, store) ?? fail(full(used.bytes, bytes, quota()));
}

/** The oldest earlier versions that together have so many bytes; null: all of them have less. */
function oldest(bytes: number, except: string | undefined, store: WorkspaceDeps["store"]): VersionAbout[] | null {
  for (let limit = AT_FIRST; ; limit *= 8) {
    const all = store.oldVersions(limit);
    const old = all.filter(({ fileId }) => fileId !== except);
    let left = bytes;
    const enough = old.findIndex(({ size }) => (left -= size) <= 0);
    if (enough >= 0) return old.slice(0, enough + 1);
    if (all.length < limit) return null;
  }
}

const full = (used: number, wanted: number, most: number): MargayError =>
  new MargayError(
    "payload_too_large",
    `Your files take ${sizeOf(used)} of ${sizeOf(most)}, so ${sizeOf(wanted)} more do not fit. Delete some under Files first.`,
  );

function fail(error: MargayError): never {
  throw error;
}
