/** A page that a search found. Everything of it is the engine's word, and that of whoever wrote the page. */
export interface SearchHit {
  title: string;
  url: string;
  /** Plain text, at most 600 characters. */
  snippet: string;
  /** When the page is from, as the engine says it; null: it does not. */
  date: string | null;
}

export interface SearchRequest {
  /** At most 400 characters: the shortest that an engine takes. */
  query: string;
  /** 1 to 10. */
  count: number;
  signal: AbortSignal;
}

/** A search engine. Throws a `MargayError` that says what is wrong, never with a key in it. */
export interface WebSearch {
  /** As people call it: `Brave`. */
  readonly name: string;
  search(request: SearchRequest): Promise<SearchHit[]>;
}
