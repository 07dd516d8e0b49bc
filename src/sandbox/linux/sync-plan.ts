/** What a session was given last at a path, and of which version of which file that was. */
export interface Based {
  fileId: string;
  version: number;
  /** Of the bytes that lie in the sandbox. */
  sha256: string;
}

/** A file of the user's, as it is now. */
export interface KeptFile {
  id: string;
  /** `/notes/today.md`. */
  path: string;
  version: number;
  size: number;
  untrusted: string | null;
  updatedAt: number;
}

/** A file in the sandbox's work folder. */
export interface FoundFile {
  /** As in the workspace: `/notes/today.md`. */
  path: string;
  size: number;
  sha256: string;
}

export type SyncStep =
  /** Into the sandbox, over what is there. */
  | { kind: "push"; file: KeptFile }
  /** Out of the sandbox: the user deleted it, and nothing changed it there. */
  | { kind: "remove"; path: string }
  /** Into the workspace; `over`: the version that it was made from, null: there is nothing at the path. */
  | { kind: "pull"; found: FoundFile; over: KeptFile | null }
  /** Changed on both sides: the workspace's stays and the sandbox's is kept beside it, unless they turn out to be the same. */
  | { kind: "beside"; found: FoundFile }
  /** Gone from the sandbox, unchanged in the workspace. */
  | { kind: "gone"; file: KeptFile }
  /** Neither side has it any more, or only the workspace, which changed it. */
  | { kind: "forget"; path: string };

export interface Sides {
  base: ReadonlyMap<string, Based>;
  workspace: ReadonlyMap<string, KeptFile>;
  sandbox: ReadonlyMap<string, FoundFile>;
}

/**
 * What is to be done so that both sides have what either of them changed since they were last alike. Pure; nothing in it loses a content: what changed on both sides is kept twice, what was deleted on one side and
 * changed on the other stays.
 */
export function planSync(sides: Sides): SyncStep[] {
  const paths = new Set([...sides.base.keys(), ...sides.workspace.keys(), ...sides.sandbox.keys()]);
  return [...paths].toSorted().flatMap((path) => stepOf(path, sides) ?? []);
}

function stepOf(path: string, { base, workspace, sandbox }: Sides): SyncStep | null {
  const [before, file, found] = [base.get(path), workspace.get(path), sandbox.get(path)];
  const ours = before === undefined ? file !== undefined : file?.id !== before.fileId || file.version !== before.version;
  const theirs = before === undefined ? found !== undefined : found?.sha256 !== before.sha256;
  if (!ours && !theirs) return null;
  if (!theirs) return file === undefined ? { kind: "remove", path } : { kind: "push", file };
  if (found === undefined) {
    if (file === undefined) return { kind: "forget", path };
    return ours ? { kind: "forget", path } : { kind: "gone", file };
  }
  if (file === undefined) return { kind: "pull", found, over: null };
  if (!ours) return { kind: "pull", found, over: file };
  return { kind: "beside", found };
}
