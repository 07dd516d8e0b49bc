import { analyze } from "../../memory/analyze.ts";
import { termText } from "../../memory/rank-words.ts";
import type { SearchEntry, Space } from "../../memory/search.ts";

export const SPACES = ["memory", "knowledge", "archive"] as const satisfies readonly Space[];

/**
 * `row` is never given twice and stands for one content: another text is another row, so a vector that comes late cannot reach a text that it was not made of. `terms` is the text as
 * `analyze()` gives it; the words of each space are an FTS5 table of their own that holds no text. `embedder` is whose vector the entry has, empty for none. `search_count` is the size
 * of each space.
 */
export const entrySchema: readonly string[] = [
  `CREATE TABLE search_entry (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    space TEXT NOT NULL CHECK (space IN ('memory', 'knowledge', 'archive')),
    id TEXT NOT NULL,
    text TEXT NOT NULL,
    heading TEXT NOT NULL,
    group_id TEXT,
    position INTEGER NOT NULL,
    at INTEGER,
    terms TEXT NOT NULL,
    length INTEGER NOT NULL,
    embedder TEXT NOT NULL DEFAULT '',
    UNIQUE (space, id)
  ) STRICT`,
  `CREATE INDEX search_entry_group ON search_entry (space, group_id, position) WHERE group_id IS NOT NULL`,
  `CREATE INDEX search_entry_at ON search_entry (space, at) WHERE at IS NOT NULL`,
  `CREATE INDEX search_entry_embedder ON search_entry (embedder)`,
  `CREATE TABLE search_count (space TEXT PRIMARY KEY, entries INTEGER NOT NULL, length INTEGER NOT NULL) STRICT`,
  `INSERT INTO search_count (space, entries, length) VALUES ('memory', 0, 0), ('knowledge', 0, 0), ('archive', 0, 0)`,
  ...SPACES.flatMap((space) => [
    // The terms have letters and digits only, apart by spaces: "ascii" takes everything beyond ASCII for a letter, so it leaves them as they are.
    `CREATE VIRTUAL TABLE search_words_${space} USING fts5(heading, body, content = '', contentless_delete = 1, tokenize = 'ascii')`,
    `CREATE VIRTUAL TABLE search_terms_${space} USING fts5vocab(search_words_${space}, 'row')`,
  ]),
];

/** An entry as it is ranked. */
export type EntryRow = {
  row: number;
  space: Space;
  id: string;
  group_id: string | null;
  position: number;
  at: number | null;
  terms: string;
  length: number;
};

/** An entry as it is shown and embedded. */
export type EntryText = { row: number; space: Space; id: string; text: string; heading: string };

const RANKED = "row, space, id, group_id, position, at, terms, length";
const SHOWN = "row, space, id, text, heading";
const LISTED = "(SELECT value FROM json_each(?))";

/** The entries of the index and their words, in the user's object. */
export class SearchEntries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Adds or replaces; what stays the same keeps its row. Returns what was replaced. */
  put(entries: readonly SearchEntry[]): EntryText[] {
    const gone: EntryText[] = [];
    const added = new Map<Space, { entries: number; length: number }>();
    for (const { space, id, text, heading = "", group, position, at } of entries) {
      const known = this.#sql.exec<EntryText>(`SELECT ${SHOWN} FROM search_entry WHERE space = ? AND id = ?`, space, id).toArray()[0];
      if (known?.text === text && known.heading === heading) {
        this.#sql.exec("UPDATE search_entry SET group_id = ?, position = ?, at = ? WHERE row = ?", group, position, at, known.row);
        continue;
      }
      if (known) gone.push(...this.remove(space, [known.row]));
      const [headingTerms, terms] = [analyze(heading), analyze(text)];
      const length = headingTerms.length + terms.length;
      const { row } = this.#sql
        .exec<{ row: number }>(
          `INSERT INTO search_entry (space, id, text, heading, group_id, position, at, terms, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING row`,
          space,
          id,
          text,
          heading,
          group,
          position,
          at,
          termText(headingTerms, terms),
          length,
        )
        .one();
      this.#sql.exec(
        `INSERT INTO search_words_${space} (rowid, heading, body) VALUES (?, ?, ?)`,
        row,
        headingTerms.join(" "),
        terms.join(" "),
      );
      const sum = added.get(space) ?? { entries: 0, length: 0 };
      added.set(space, { entries: sum.entries + 1, length: sum.length + length });
    }
    for (const [space, sum] of added) this.#count(space, sum.entries, sum.length);
    return gone;
  }

  remove(space: Space, rows: readonly number[]): EntryText[] {
    if (rows.length === 0) return [];
    const list = JSON.stringify(rows);
    const gone = this.#sql
      .exec<EntryText & { length: number }>(`DELETE FROM search_entry WHERE row IN ${LISTED} RETURNING ${SHOWN}, length`, list)
      .toArray();
    this.#sql.exec(`DELETE FROM search_words_${space} WHERE rowid IN ${LISTED}`, list);
    this.#count(space, -gone.length, -gone.reduce((sum, { length }) => sum + length, 0));
    return gone;
  }

  /** Deleted words are only marked as such until FTS5 writes its pages anew; this makes it do so. */
  purge(space: Space): void {
    this.#sql.exec(`INSERT INTO search_words_${space} (search_words_${space}) VALUES ('optimize')`);
  }

  place(space: Space, id: string): { group: string | null; position: number } | null {
    const row = this.#sql
      .exec<{ group_id: string | null; position: number }>(
        "SELECT group_id, position FROM search_entry WHERE space = ? AND id = ?",
        space,
        id,
      )
      .toArray()[0];
    return row ? { group: row.group_id, position: row.position } : null;
  }

  size(space: Space): { entries: number; length: number } {
    return this.#sql.exec<{ entries: number; length: number }>("SELECT entries, length FROM search_count WHERE space = ?", space).one();
  }

  /** In how many entries of the spaces each term is; a term in none is absent. What was deleted may still be counted for a while. */
  frequencies(spaces: readonly Space[], terms: readonly string[]): Map<string, number> {
    const frequency = new Map<string, number>();
    const list = JSON.stringify(terms);
    for (const space of spaces) {
      const found = this.#sql.exec<{ term: string; doc: number }>(
        `SELECT term, doc FROM search_terms_${space} WHERE term IN ${LISTED}`,
        list,
      );
      for (const { term, doc } of found) frequency.set(term, (frequency.get(term) ?? 0) + doc);
    }
    return frequency;
  }

  /** The rows that fit any of the terms best, by FTS5's own BM25. */
  match(space: Space, terms: readonly string[], limit: number, groups?: readonly string[]): number[] {
    const words = `search_words_${space}`;
    const among = groups ? `AND rowid IN (SELECT row FROM search_entry WHERE space = '${space}' AND group_id IN ${LISTED})` : "";
    return this.#sql
      .exec<{ rowid: number }>(
        `SELECT rowid FROM ${words} WHERE ${words} MATCH ? ${among} ORDER BY bm25(${words}, 2.0, 1.0) LIMIT ?`,
        terms.map((term) => `"${term}"`).join(" OR "),
        ...(groups ? [JSON.stringify(groups)] : []),
        limit,
      )
      .toArray()
      .map(({ rowid }) => rowid);
  }

  rows(rows: readonly number[]): EntryRow[] {
    return this.#sql.exec<EntryRow>(`SELECT ${RANKED} FROM search_entry WHERE row IN ${LISTED}`, JSON.stringify(rows)).toArray();
  }

  /** The parts up to `reach` places beside these, within their groups. */
  beside(rows: readonly EntryRow[], reach: number): EntryRow[] {
    const places = rows.flatMap(({ space, group_id: group, position }) => (group === null ? [] : [[space, group, position]]));
    if (places.length === 0) return [];
    return this.#sql
      .exec<EntryRow>(
        `SELECT ${RANKED} FROM search_entry WHERE row IN (
           SELECT beside.row FROM json_each(?1) AS place JOIN search_entry AS beside ON beside.space = place.value ->> 0
             AND beside.group_id = place.value ->> 1 AND beside.position BETWEEN (place.value ->> 2) - ?2 AND (place.value ->> 2) + ?2)`,
        JSON.stringify(places),
        reach,
      )
      .toArray();
  }

  /** What lies in a time, newest first. */
  within(space: Space, from: number, to: number, limit: number, groups?: readonly string[]): EntryRow[] {
    const among = groups ? `AND group_id IN ${LISTED}` : "";
    const values = [space, from, to, ...(groups ? [JSON.stringify(groups)] : []), limit];
    return this.#sql
      .exec<EntryRow>(
        `SELECT ${RANKED} FROM search_entry WHERE space = ? AND at >= ? AND at < ? ${among} ORDER BY at DESC LIMIT ?`,
        ...values,
      )
      .toArray();
  }

  inGroups(spaces: readonly Space[], groups: readonly string[]): number[] {
    return this.#sql
      .exec<{ row: number }>(
        `SELECT row FROM search_entry WHERE space IN ${LISTED} AND group_id IN ${LISTED}`,
        JSON.stringify(spaces),
        JSON.stringify(groups),
      )
      .toArray()
      .map(({ row }) => row);
  }

  ofIds(space: Space, ids: readonly string[]): number[] {
    const found = this.#sql.exec<{ row: number }>(
      `SELECT row FROM search_entry WHERE space = ? AND id IN ${LISTED}`,
      space,
      JSON.stringify(ids),
    );
    return [...found].map(({ row }) => row);
  }

  ofSpace(space: Space): number[] {
    return [...this.#sql.exec<{ row: number }>("SELECT row FROM search_entry WHERE space = ?", space)].map(({ row }) => row);
  }

  texts(rows: readonly number[]): Map<number, EntryText> {
    const found = this.#sql.exec<EntryText>(`SELECT ${SHOWN} FROM search_entry WHERE row IN ${LISTED}`, JSON.stringify(rows));
    return new Map([...found].map((entry) => [entry.row, entry]));
  }

  /** Entries whose vector is not of this embedder. */
  without(embedder: string, limit: number): EntryText[] {
    return this.#sql
      .exec<EntryText>(
        `SELECT ${SHOWN} FROM search_entry WHERE embedder < ?1 UNION ALL SELECT ${SHOWN} FROM search_entry WHERE embedder > ?1 LIMIT ?2`,
        embedder,
        limit,
      )
      .toArray();
  }

  setEmbedder(rows: readonly number[], embedder: string): void {
    this.#sql.exec(`UPDATE search_entry SET embedder = ? WHERE row IN ${LISTED}`, embedder, JSON.stringify(rows));
  }

  embedded(embedder: string): number {
    return Number(this.#sql.exec("SELECT count(*) AS n FROM search_entry WHERE embedder = ?", embedder).one()["n"]);
  }

  #count(space: Space, entries: number, length: number): void {
    this.#sql.exec("UPDATE search_count SET entries = entries + ?, length = length + ? WHERE space = ?", entries, length, space);
  }
}
