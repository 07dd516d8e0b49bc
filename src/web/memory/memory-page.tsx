import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { useMemories, useMemoryStatus } from "../api/memory.ts";
import { whole } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { AddMemory } from "./add-memory.tsx";
import { MemoryCare } from "./memory-care.tsx";
import { MemoryGroup, MemoryList } from "./memory-group.tsx";
import { asKind, KINDS, statusWords } from "./memory-words.ts";
import { OneMemory } from "./one-memory.tsx";
import { useForget } from "./use-forget.tsx";

/** Everything that is known about the user, where each of it is from, and the power over it. */
export default function MemoryPage() {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 250);
  const field = useRef<HTMLInputElement>(null);
  const { ask, busy, dialog } = useForget(() => field.current?.focus());
  const chosen = params.get("kind");
  const past = chosen === "past";
  const kind = asKind(chosen);
  const opened = params.get("id");
  const everything = search === "" && kind === null && !past;

  // Any page tells how many there are; the smallest is asked for.
  const counts = useMemories({ state: "current", limit: 1 }).data?.pages[0]?.counts;
  const total = counts ? KINDS.reduce((sum, item) => sum + counts[item.kind], 0) : null;
  const choose = (name: string | null) => setParams(name === null ? {} : { kind: name });
  const rows = { busy, onForget: ask };

  return (
    <Page title="Memory" intro="What Margay knows about you, where each of it is from, and how it was used.">
      <AddMemory field={field} />
      {opened !== null && <OneMemory key={opened} id={opened} {...rows} />}
      {total === 0 && search === "" && !past ? (
        <Nothing onPast={() => choose("past")} />
      ) : (
        <>
          <TextInput
            aria-label="Search what Margay remembers"
            placeholder="Search what Margay remembers"
            type="search"
            maxLength={500}
            leftSection={<Icon name="search" size={17} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className="chips" role="group" aria-label="Which memories">
            <Chip name="All" count={total} on={kind === null && !past} onChoose={() => choose(null)} />
            {KINDS.map((item) => (
              <Chip
                key={item.kind}
                name={item.name}
                count={counts?.[item.kind] ?? null}
                on={kind === item.kind}
                onChoose={() => choose(item.kind)}
              />
            ))}
            <Chip name="Past" count={null} on={past} onChoose={() => choose("past")} />
          </div>
          <IndexStatus />
          {everything ? (
            KINDS.map((item) => <MemoryGroup key={item.kind} kind={item.kind} {...rows} />)
          ) : (
            <MemoryList key={`${chosen}`} search={search} kind={kind} past={past} {...rows} />
          )}
        </>
      )}
      <MemoryCare />
      {dialog}
    </Page>
  );
}

function Chip({ name, count, on, onChoose }: { name: string; count: number | null; on: boolean; onChoose: () => void }) {
  return (
    <button type="button" className="chip" aria-pressed={on} onClick={onChoose}>
      {name}
      {count !== null && <span>{whole(count)}</span>}
    </button>
  );
}

function IndexStatus() {
  const status = useMemoryStatus();
  const words = status.data ? statusWords(status.data) : null;
  return (
    <p className="index-status" role="status">
      {words}
    </p>
  );
}

function Nothing({ onPast }: { onPast: () => void }) {
  return (
    <div className="empty-page">
      <Icon name="memory" size={36} />
      <h2>Nothing is remembered yet</h2>
      <p>Tell Margay about yourself in the chat, or add something above. What it keeps is listed here, with where it is from.</p>
      <button type="button" className="link-button" onClick={onPast}>
        Show what is past
      </button>
    </div>
  );
}
