import { type InfiniteData, QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import type { DocumentPage } from "../../src/knowledge/shapes.ts";
import { takeDocument } from "../../src/web/api/knowledge.ts";
import { document } from "./fixtures.ts";

const list = (...documents: DocumentPage["documents"]): InfiniteData<DocumentPage> => ({
  pages: [{ documents, next: null, total: documents.length }],
  pageParams: [null],
});

it("takeDocument() leaves a list that is to be read anew to be read anew, whether the document is in it or not", async () => {
  const queries = new QueryClient();
  const key = (collection: string | null) => ["knowledge", "documents", { collection, search: undefined }];
  const before = document({ id: "d" });
  queries.setQueryData(key(null), list(before));
  queries.setQueryData(key("work"), list());
  await queries.invalidateQueries({ queryKey: ["knowledge"] });
  const moved = { ...before, collection_id: "work" };
  takeDocument(queries, moved);
  expect(queries.getQueryData(key(null))).toEqual(list(moved));
  expect([null, "work"].map((collection) => queries.getQueryState(key(collection))?.isInvalidated)).toEqual([true, true]);
});
