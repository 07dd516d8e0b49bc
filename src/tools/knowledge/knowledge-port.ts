import type { RecallHit } from "../../memory/shapes.ts";

/** What a document says from a piece on. */
export interface DocumentText {
  id: string;
  name: string;
  /** `reading`: not read to its end yet; `failed`: it could not be, `error` says why. */
  status: "ready" | "reading" | "failed";
  error: string | null;
  /** 0 to 1. */
  progress: number;
  pieces: { position: number; page: number; text: string }[];
  /** How many there are. */
  total: number;
  paged: boolean;
}

/** The user's documents, as tools see them. Refusals are thrown as `MargayError`. */
export interface KnowledgePort {
  /** In what the conversation is limited to, and in one collection where it is named. `reading`: documents that are not searched yet. */
  search(query: {
    text: string;
    collection: string | undefined;
    conversationId: string | null;
    limit: number;
  }): Promise<{ hits: RecallHit[]; reading: number }>;
  /** A document by id, name or address of its page, from a piece on, about so many characters of it. One that is being read is waited for. */
  read(document: string, from: number, options: { chars: number; waitMs: number; signal: AbortSignal }): Promise<DocumentText>;
  /** Takes in what is at an address. Doing it again changes nothing. */
  add(
    url: string,
    options: { collection: string | undefined; follow: "any" | "same-host"; signal: AbortSignal },
  ): Promise<{ id: string; known: boolean }>;
  /** Deletes a document that was added. */
  remove(id: string): Promise<void>;
}

/** What knowledge tools get as stores. */
export interface KnowledgeStores {
  knowledge: KnowledgePort;
}

export const KNOWLEDGE_READ = "knowledge.read";
export const KNOWLEDGE_WRITE = "knowledge.write";
