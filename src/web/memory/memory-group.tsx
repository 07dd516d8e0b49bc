import { Button } from "@mantine/core";
import { Link } from "wouter";
import { type MemoryKind, type MemoryView, useMemories } from "../api/memory.ts";
import { whole } from "../lib/format.ts";
import { QueryView } from "../ui/query-view.tsx";
import { MemoryRow } from "./memory-row.tsx";
import { kindWords, pinnedFirst } from "./memory-words.ts";

/** How many of a kind are shown beside the others. */
const FEW = 6;

interface RowProps {
  busy: string | null;
  onForget: (memory: MemoryView) => void;
}

/** The newest memories of one kind, under their name. Nothing where there are none. */
export function MemoryGroup({ kind, ...rest }: RowProps & { kind: MemoryKind }) {
  const query = useMemories({ kind, state: "current", limit: FEW });
  const { name } = kindWords(kind);
  return (
    <QueryView query={query} lines={1}>
      {({ pages: [page] }) => {
        const count = page?.counts[kind] ?? 0;
        if (page === undefined || page.memories.length === 0) return null;
        return (
          <section aria-label={name}>
            <h2 className="group">
              {name} <span>{whole(count)}</span>
            </h2>
            <MemoryRows list={pinnedFirst(page.memories)} {...rest} />
            {count > page.memories.length && (
              <Button component={Link} href={`/memory?kind=${kind}`} variant="subtle" color="gray" size="xs" className="memory-all">
                Show all {whole(count)}
              </Button>
            )}
          </section>
        );
      }}
    </QueryView>
  );
}

interface ListProps extends RowProps {
  search: string;
  kind: MemoryKind | null;
  past: boolean;
}

/** Memories in one list: of one kind, found by words, or past. */
export function MemoryList({ search, kind, past, ...rest }: ListProps) {
  const query = useMemories({
    ...(search === "" ? {} : { search }),
    ...(kind === null ? {} : { kind }),
    state: past ? "past" : "current",
    limit: past ? 25 : 50,
  });
  return (
    <QueryView query={query}>
      {({ pages }) => {
        const list = pages.flatMap((page) => page.memories);
        if (list.length === 0) return <p className="nothing">{nothingWords(search, kind, past)}</p>;
        // What was found is in order of how well it fits.
        const ordered = search === "" && !past ? pinnedFirst(list) : list;
        return (
          <div className="memory-found" data-stale={query.isPlaceholderData || undefined}>
            <p className="sr" role="status">
              {search === "" ? "" : `${list.length} found`}
            </p>
            <MemoryRows list={ordered} withKind={kind === null} {...rest} />
            {query.hasNextPage && (
              <div className="row more">
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

function MemoryRows({ list, busy, onForget, withKind = false }: RowProps & { list: MemoryView[]; withKind?: boolean }) {
  return (
    <ul className="memory-list">
      {list.map((memory) => (
        <MemoryRow key={memory.id} memory={memory} withKind={withKind} busy={busy === memory.id} onForget={onForget} />
      ))}
    </ul>
  );
}

function nothingWords(search: string, kind: MemoryKind | null, past: boolean): string {
  if (search !== "") return `Nothing ${past ? "past " : ""}is remembered that fits “${search}”.`;
  if (past) return "Nothing is past. What is replaced by something newer, or has run out, is kept here.";
  return kind === null ? "Nothing is remembered yet." : `Nothing is remembered under ${kindWords(kind).name} yet.`;
}
