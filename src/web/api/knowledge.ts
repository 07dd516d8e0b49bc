import { type InfiniteData, type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RecallHit } from "../../memory/shapes.ts";
import type {
  ChunkPage,
  ChunkView,
  CollectionView,
  DocumentInput,
  DocumentPage,
  DocumentPatch,
  DocumentsAdded,
  DocumentView,
} from "../../knowledge/shapes.ts";
import { changeQueries } from "../lib/change-queries.ts";
import { del, get, patch, post, request, withQuery } from "./client.ts";

export type { ChunkPage, ChunkView, CollectionView, DocumentInput, DocumentPatch, DocumentsAdded, DocumentView, RecallHit };

const DOCUMENTS = "/api/v1/knowledge/documents";
const address = (id: string): string => `${DOCUMENTS}/${encodeURIComponent(id)}`;

export const isBeingRead = ({ status }: DocumentView): boolean => status === "queued" || status === "reading";

/** While something is being read, lists of documents are read again this often, in milliseconds: the open connection tells sooner, but may be gone. */
const WATCH_EVERY = 2_000;

/** `collection`: an id, `none` for those in no collection, null for all. `search`: in the name. */
export interface DocumentFilter {
  collection: string | null;
  search?: string;
}

type Documents = InfiniteData<DocumentPage>;

const all = (known: Documents | undefined): DocumentView[] => known?.pages.flatMap((page) => page.documents) ?? [];

export const useDocuments = ({ collection, search }: DocumentFilter, enabled = true) =>
  useInfiniteQuery({
    queryKey: ["knowledge", "documents", { collection, search }],
    enabled,
    queryFn: ({ pageParam, signal }) =>
      get<DocumentPage>(
        withQuery(DOCUMENTS, { collection: collection ?? undefined, search, limit: 50, cursor: pageParam ?? undefined }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) => (all(state.data).some(isBeingRead) ? WATCH_EVERY : false),
  });

export const useDocument = (id: string) =>
  useQuery({
    queryKey: ["knowledge", "document", id],
    queryFn: ({ signal }) => get<DocumentView>(address(id), signal),
    refetchInterval: ({ state }) => (state.data && isBeingRead(state.data) ? WATCH_EVERY : false),
  });

/** Shows a document as the server last told of it, wherever it is shown; true: it is one that was not on the page before. */
export function takeDocument(queries: QueryClient, document: DocumentView): void {
  const before = queries.getQueryData<DocumentView>(["knowledge", "document", document.id]);
  queries.setQueryData(["knowledge", "document", document.id], (known: DocumentView | undefined) => known && document);
  let listed = false;
  let ended = before !== undefined && isBeingRead(before) && !isBeingRead(document);
  changeQueries<Documents>(queries, ["knowledge", "documents"], (known) => {
    const old = all(known).find(({ id }) => id === document.id);
    if (!known || !old) return undefined;
    listed = true;
    if (isBeingRead(old) && !isBeingRead(document)) ended = true;
    return {
      ...known,
      pages: known.pages.map((page) => ({ ...page, documents: page.documents.map((item) => (item.id === document.id ? document : item)) })),
    };
  });
  // A new one belongs in some lists, and one that was read has pieces now.
  if (!listed || ended) void queries.invalidateQueries({ queryKey: ["knowledge"] });
}

/** How many pieces of a document are read at a time. */
const CHUNKS = 24;

/** The text of a document in pieces, from `start` on and back. */
export const useChunks = (id: string, start: number) =>
  useInfiniteQuery({
    queryKey: ["knowledge", "chunks", id, start],
    queryFn: ({ pageParam: { from, limit }, signal }) => get<ChunkPage>(withQuery(`${address(id)}/chunks`, { from, limit }), signal),
    initialPageParam: { from: start, limit: CHUNKS },
    getNextPageParam: ({ chunks, total }, _pages, { from, limit }) => {
      const next = Math.max(from + limit, (chunks.at(-1)?.position ?? -1) + 1);
      return next < total && chunks.length > 0 ? { from: next, limit: CHUNKS } : undefined;
    },
    getPreviousPageParam: (_page, _pages, { from }) => {
      const before = Math.max(0, from - CHUNKS);
      return from > 0 ? { from: before, limit: from - before } : undefined;
    },
  });

export const useKnowledgeSearch = (search: string, collection: string | null) =>
  useQuery({
    queryKey: ["knowledge", "search", search, collection],
    queryFn: async ({ signal }) => {
      // The server knows no search in what is in no collection.
      const only = collection === null || collection === "none" ? {} : { collections: [collection] };
      const { hits } = await request<{ hits: RecallHit[] }>(
        "POST",
        "/api/v1/knowledge/search",
        { query: search, limit: 20, ...only },
        { signal },
      );
      return hits;
    },
  });

export const useCollections = () =>
  useQuery({
    queryKey: ["knowledge", "collections"],
    queryFn: async ({ signal }) => (await get<{ collections: CollectionView[] }>("/api/v1/knowledge/collections", signal)).collections,
  });

/** Everything that changes documents, with what is shown read anew after each change. */
export function useDocumentActions() {
  const queries = useQueryClient();
  const reread = () => Promise.all(["knowledge", "audit"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  const add = useMutation({ mutationFn: (input: DocumentInput) => post<DocumentsAdded>(DOCUMENTS, input), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ id, fields }: { id: string; fields: DocumentPatch }) => patch<DocumentView>(address(id), fields),
    onSuccess: (document) => takeDocument(queries, document),
    onSettled: reread,
  });
  const retry = useMutation({
    mutationFn: (id: string) => post<DocumentView>(`${address(id)}/retry`),
    onSuccess: (document) => takeDocument(queries, document),
    onSettled: reread,
  });
  const remove = useMutation({
    mutationFn: (id: string) => del(address(id)),
    onSuccess: (_done, id) => {
      queries.removeQueries({ queryKey: ["knowledge", "document", id] });
      queries.setQueriesData<Documents>(
        { queryKey: ["knowledge", "documents"] },
        (known) =>
          known && {
            ...known,
            pages: known.pages.map((page) => ({ ...page, documents: page.documents.filter((item) => item.id !== id) })),
          },
      );
    },
    onSettled: reread,
  });
  return { add, change, retry, remove };
}

export function useCollectionActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["knowledge"] });
  const path = (id: string) => `/api/v1/knowledge/collections/${encodeURIComponent(id)}`;
  const add = useMutation({
    mutationFn: (name: string) => post<CollectionView>("/api/v1/knowledge/collections", { name }),
    onSettled: reread,
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) => patch<CollectionView>(path(id), { name }),
    onSettled: reread,
  });
  const remove = useMutation({ mutationFn: (id: string) => del(path(id)), onSettled: reread });
  return { add, rename, remove };
}
