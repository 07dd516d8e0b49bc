import { z } from "zod";
import {
  ChunkPage,
  CollectionInput,
  CollectionView,
  DocumentInput,
  DocumentPage,
  DocumentPatch,
  DocumentQuery,
  DocumentsAdded,
  DocumentView,
} from "../knowledge/shapes.ts";
import { RecallHit } from "../memory/shapes.ts";
import { MargayError } from "../errors.ts";
import { askAgent } from "./ask-agent.ts";
import { cleanFileName, filesPrefix } from "./file-names.ts";
import { served } from "./files.ts";
import { retrying } from "./retrying.ts";
import { defineRoute, type Route } from "./route.ts";

const tag = "Knowledge";
const params = z.object({ id: z.string().min(1).max(64) });
const notFound = { description: "`not_found`" };

/** What to look for in documents. */
export const KnowledgeSearch = z.object({
  query: z.string().trim().min(1).max(2_000),
  /** Ids of the collections to look in; absent: all documents. */
  collections: z.array(z.string().max(64)).max(100).optional(),
  limit: z.number().int().min(1).max(50).default(10),
});

export const KnowledgeFound = z.object({ hits: z.array(RecallHit) });

const ChunkQuery = z.object({
  /** The position of the first piece, from 0. */
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

const documents: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/knowledge/documents",
    who: "user",
    tag,
    summary: "Your documents, newest first",
    query: DocumentQuery,
    responses: { 200: { description: "A page of them; pass `next` as `cursor` for the page after.", schema: DocumentPage } },
    handle: (context) => retrying(() => askAgent(context, "knowledge.documents", context.query)),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/knowledge/documents",
    who: "user",
    tag,
    summary: "Take in a document: an uploaded file by its `key`, or an address by its `url`. A zip is taken in file by file",
    body: DocumentInput,
    responses: {
      201: {
        description: "What was new is queued and read in the background; what was there already, byte for byte, is in `known`.",
        schema: DocumentsAdded,
      },
      400: { description: "`invalid_request`: neither or both of `key` and `url`, or the address gave no document; the message says why." },
      404: { description: "`not_found`: there is no such upload, collection or document to replace." },
      413: { description: "`payload_too_large`: more than 50 MB, from an address 20 MB." },
    },
    handle: async (context) => Response.json(await askAgent(context, "knowledge.add", context.body), { status: 201 }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/knowledge/documents/{id}",
    who: "user",
    tag,
    summary: "One document, and how far it was read",
    params,
    responses: { 200: { description: "The document.", schema: DocumentView }, 404: notFound },
    handle: (context) => retrying(() => askAgent(context, "knowledge.document", context.params.id)),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/knowledge/documents/{id}",
    who: "user",
    tag,
    summary: "Rename a document or move it to a collection; `collection_id: null` takes it out",
    params,
    body: DocumentPatch,
    responses: { 200: { description: "The document as it is now.", schema: DocumentView }, 404: notFound },
    handle: (context) => askAgent(context, "knowledge.update", { id: context.params.id, patch: context.body }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/knowledge/documents/{id}",
    who: "user",
    tag,
    summary: "Delete a document with every trace: its text, its pieces, its vectors, its file",
    params,
    responses: { 204: { description: "It is gone. What could not be reached is deleted as soon as it can be." }, 404: notFound },
    handle: (context) => askAgent(context, "knowledge.delete", context.params.id),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/knowledge/documents/{id}/retry",
    who: "user",
    tag,
    summary: "Read a document again that failed",
    params,
    responses: {
      200: { description: "The document, queued.", schema: DocumentView },
      404: notFound,
      409: { description: "`conflict`: it did not fail." },
    },
    handle: (context) => askAgent(context, "knowledge.retry", context.params.id),
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/knowledge/documents/{id}/file",
    who: "user",
    fresh: true,
    tag,
    summary: "The original of a document",
    params,
    responses: {
      200: { description: "Its bytes.", contentType: "application/octet-stream", schema: z.string().meta({ format: "binary" }) },
      404: notFound,
    },
    async handle(context) {
      const { key, name } = await retrying(() => askAgent(context, "knowledge.file", context.params.id));
      const object = key.startsWith(filesPrefix(context.principal.userId)) ? await context.env.FILES.get(key) : null;
      if (!object) throw new MargayError("not_found", "The original is not there any more.");
      return served(object, cleanFileName(name));
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/v1/knowledge/documents/{id}/chunks",
    who: "user",
    tag,
    summary: "The text of a document piece by piece, from a place on: what a citation opens",
    params,
    query: ChunkQuery,
    responses: { 200: { description: "Pieces in order.", schema: ChunkPage }, 404: notFound },
    handle: (context) => retrying(() => askAgent(context, "knowledge.chunks", { id: context.params.id, ...context.query })),
  }),
];

const collections: Route[] = [
  defineRoute({
    method: "GET",
    path: "/api/v1/knowledge/collections",
    who: "user",
    tag,
    summary: "Your collections of documents",
    responses: { 200: { description: "All of them, by name.", schema: z.object({ collections: z.array(CollectionView) }) } },
    handle: async (context) => ({ collections: await retrying(() => askAgent(context, "knowledge.collections", null)) }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/v1/knowledge/collections",
    who: "user",
    tag,
    summary: "Make a collection",
    body: CollectionInput,
    responses: {
      201: { description: "The collection.", schema: CollectionView },
      409: { description: "`conflict`: one of that name is there." },
    },
    handle: async (context) => Response.json(await askAgent(context, "knowledge.addCollection", context.body.name), { status: 201 }),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/v1/knowledge/collections/{id}",
    who: "user",
    tag,
    summary: "Rename a collection",
    params,
    body: CollectionInput,
    responses: {
      200: { description: "The collection as it is now.", schema: CollectionView },
      404: notFound,
      409: { description: "`conflict`: another of that name is there." },
    },
    handle: (context) => askAgent(context, "knowledge.renameCollection", { id: context.params.id, name: context.body.name }),
  }),
  defineRoute({
    method: "DELETE",
    path: "/api/v1/knowledge/collections/{id}",
    who: "user",
    tag,
    summary: "Delete a collection; its documents stay, in none",
    params,
    responses: { 204: { description: "It is gone." }, 404: notFound },
    handle: (context) => askAgent(context, "knowledge.deleteCollection", context.params.id),
  }),
];

const search = defineRoute({
  method: "POST",
  path: "/api/v1/knowledge/search",
  who: "user",
  tag,
  summary: "Search the text of your documents",
  body: KnowledgeSearch,
  responses: {
    200: { description: "Pieces, best first, each with the place it stands at; `id` is `<document>:<position>`.", schema: KnowledgeFound },
  },
  async handle(context) {
    const { query, limit, collections: only } = context.body;
    return { hits: await retrying(() => askAgent(context, "knowledge.search", { text: query, limit, collections: only ?? null })) };
  },
});

export const knowledgeRoutes: Route[] = [...documents, ...collections, search];
