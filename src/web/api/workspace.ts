import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  FileVersions,
  FileVersionView,
  FileView,
  FolderView,
  Listing,
  MoveInput,
  RestoreInput,
  ShareInput,
  ShareView,
  WorkspaceUsage,
} from "../../workspace/shapes.ts";
import { ApiError } from "./api-error.ts";
import { changeQueries } from "../lib/change-queries.ts";
import { del, get, post, withQuery } from "./client.ts";

export type { FileVersionView, FileView, FolderView, Listing, ShareView, WorkspaceUsage };

const ROOT = "/api/v1/workspace";
const fileAddress = (path: string): string => withQuery(`${ROOT}/file`, { path });

/** As many as the page shows at once. */
export const MOST_LISTED = 1_000;

/** `search`: at any depth below the folder. */
export interface FileFilter {
  path: string;
  search?: string;
  limit?: number;
}

const readListing = ({ path, search, limit }: FileFilter, signal?: AbortSignal): Promise<Listing> =>
  get<Listing>(withQuery(ROOT, { path, search: search === "" ? undefined : search, limit }), signal);

export const useListing = (filter: FileFilter) =>
  useQuery({
    queryKey: ["files", "list", filter],
    queryFn: ({ signal }) => readListing(filter, signal),
    placeholderData: keepPreviousData,
  });

/** What was deleted and can be brought back, newest first. */
export const useDeletedFiles = () =>
  useQuery({
    queryKey: ["files", "deleted"],
    queryFn: ({ signal }) => get<Listing>(withQuery(ROOT, { state: "deleted", limit: MOST_LISTED }), signal),
  });

export const useFile = (path: string) =>
  useQuery({ queryKey: ["files", "file", path], queryFn: ({ signal }) => get<FileView>(fileAddress(path), signal) });

export const useFileVersions = (path: string) =>
  useQuery({
    queryKey: ["files", "versions", path],
    queryFn: async ({ signal }) => (await get<FileVersions>(withQuery(`${ROOT}/versions`, { path }), signal)).versions,
  });

/** Links that work now, to any of the files. */
export const useShares = () =>
  useQuery({
    queryKey: ["files", "shares"],
    queryFn: async ({ signal }) => (await get<{ shares: ShareView[] }>(`${ROOT}/shares`, signal)).shares,
  });

/** Shows files as the server last told of them. A file that went elsewhere is still the one that is looked at. */
export function takeFiles(queries: QueryClient, files: readonly FileView[]): void {
  for (const file of files) changeQueries<FileView>(queries, ["files", "file"], (known) => (known?.id === file.id ? file : undefined));
  void queries.invalidateQueries({ queryKey: ["files"] });
}

/** Which of these paths in a folder, or in folders below it, hold a file, and in which version. Rejects with an ApiError. */
export async function takenPaths(folder: string, paths: readonly string[]): Promise<Map<string, number>> {
  const there = new Map<string, number>();
  for (const [within, asked] of Map.groupBy(paths, (path) => folderBelow(folder, path))) {
    // Of a folder that came all that is below it is looked at together.
    // eslint-disable-next-line no-await-in-loop
    const { files, more } = await readListing({ path: within, search: within === folder ? "" : "*", limit: MOST_LISTED });
    for (const { path, version } of files) there.set(path, version);
    for (const path of more ? asked.filter((one) => !there.has(one)) : []) {
      // eslint-disable-next-line no-await-in-loop
      const file = await fileAt(path);
      if (file !== null) there.set(path, file.version);
    }
  }
  return there;
}

/** The folder of a folder in which a path is, at any depth; the folder itself for what is right in it. */
function folderBelow(folder: string, path: string): string {
  const begin = folder === "/" ? 1 : folder.length + 1;
  const end = path.indexOf("/", begin);
  return end < 0 ? folder : path.slice(0, end);
}

async function fileAt(path: string): Promise<FileView | null> {
  try {
    return await get<FileView>(fileAddress(path));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Everything that changes files, with what is shown read anew after each change. */
export function useFileActions() {
  const queries = useQueryClient();
  const onSettled = () => Promise.all(["files", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const move = useMutation({
    mutationFn: async (input: MoveInput) => (await post<{ files: FileView[] }>(`${ROOT}/move`, input)).files,
    onSuccess: (files) => takeFiles(queries, files),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: async (path: string) => (await del<{ files: FileView[] }>(fileAddress(path))).files,
    onSettled,
  });
  /** Makes an earlier version the newest, or brings back what was deleted. */
  const restore = useMutation({
    mutationFn: (input: RestoreInput) => post<FileView>(`${ROOT}/restore`, input),
    onSuccess: (file) => takeFiles(queries, [file]),
    onSettled,
  });
  const share = useMutation({ mutationFn: (input: ShareInput) => post<ShareView>(`${ROOT}/shares`, input), onSettled });
  const unshare = useMutation({ mutationFn: (id: string) => del(`${ROOT}/shares/${encodeURIComponent(id)}`), onSettled });
  return { move, remove, restore, share, unshare };
}
