import type { Forgotten, MemoryKind, MemoryStatus, MemoryView } from "../api/memory.ts";
import { channelName } from "../lib/channel-name.ts";
import { counted, whole } from "../lib/format.ts";
import { clock, daysFrom, onDay, shortDate } from "../lib/time.ts";

export interface KindWords {
  kind: MemoryKind;
  /** Of a group. */
  name: string;
  /** Of one. */
  one: string;
  what: string;
}

/** Kinds of memory in the order in which they matter, as a person calls them. */
export const KINDS: readonly KindWords[] = [
  { kind: "profile", name: "Profile", one: "Profile", what: "Who you are and what you like. Margay always has this in mind." },
  { kind: "fact", name: "Facts", one: "Fact", what: "What holds. Recalled when it fits what you talk about." },
  { kind: "episode", name: "Episodes", one: "Episode", what: "What happened, and when." },
  { kind: "ephemeral", name: "Short-lived", one: "Short-lived", what: "What holds for a while, and is gone by itself after that." },
];

const FIRST = { kind: "profile", name: "Profile", one: "Profile", what: "" } as const;

export const kindWords = (kind: MemoryKind): KindWords => KINDS.find((item) => item.kind === kind) ?? FIRST;

export const asKind = (text: string | null): MemoryKind | null => KINDS.find((item) => item.kind === text)?.kind ?? null;

/** Below this a memory says how sure it is. */
const SURE = 0.7;

const CHANNELS: Readonly<Record<string, string>> = {
  web: "in the chat",
  http: "over the API",
  openai: "over the OpenAI API",
  command: "by a command",
  webhook: "by a webhook",
  cli: "on the command line",
};

const where = (channel: string): string => CHANNELS[channel] ?? `on ${channelName(channel)}`;

export interface SourceWords {
  text: string;
  /** Where it opens on this page; null: nowhere. */
  href: string | null;
}

/** Where a memory is from: `You said on 12 May on Telegram`. What came with outside content was not said by the user. */
export function sourceOf(now: number, memory: MemoryView): SourceWords {
  const { source, created_at: at, tainted } = memory;
  const day = onDay(now, at);
  const id = source.id === null ? null : encodeURIComponent(source.id);
  switch (source.kind) {
    case "chat": {
      const on = source.channel === null ? "" : ` ${where(source.channel)}`;
      const text = tainted ? `From a conversation ${day}${on}` : `You said ${day}${on}`;
      return { text, href: id === null ? null : `/?message=${id}` };
    }
    case "document":
      return { text: `From a document, ${day}`, href: id === null ? null : `/knowledge/${id}` };
    case "import":
      return { text: `Imported ${day}`, href: null };
    case "page":
      return { text: source.channel === "http" ? `Added over the API ${day}` : `Typed here ${day}`, href: null };
  }
}

/** `Used 5 times, last today`; null: not yet. */
export function usedWords(now: number, { uses, last_used_at: last }: MemoryView): string | null {
  if (uses === 0 || last === null) return null;
  return uses === 1 ? `Used once, ${onDay(now, last)}` : `Used ${whole(uses)} times, last ${onDay(now, last)}`;
}

/** `55% sure`; null: sure enough to say nothing. */
export const sureWords = ({ confidence }: MemoryView): string | null =>
  confidence < SURE ? `${Math.round(confidence * 100)}% sure` : null;

/** When it is about, and until when it holds. */
export function timeWords(now: number, { about_at: about, expires_at: expires }: MemoryView): string[] {
  const words: string[] = [];
  if (about !== null) words.push(`About ${shortDate(now, about)}`);
  if (expires !== null) {
    const near = Math.abs(daysFrom(now, expires)) <= 1;
    const day = onDay(now, expires).replace(/^on /u, "");
    words.push(`${expires < now ? "Held until" : "Until"} ${near ? `${day}, ${clock(expires)}` : day}`);
  }
  return words;
}

/** Whether another took its place or its time is over. */
export const isPast = (now: number, { superseded_at: superseded, expires_at: expires }: MemoryView): boolean =>
  superseded !== null || (expires !== null && expires < now);

/** What is pinned comes first; else the order stays. */
export const pinnedFirst = (list: MemoryView[]): MemoryView[] => list.toSorted((a, b) => Number(b.pinned) - Number(a.pinned));

/** What forgetting came to. */
export function forgottenWords(done: Forgotten | null, all: boolean): string {
  const what = all ? `Forgotten: ${counted(done?.memories ?? 0, "memory", "memories")}.` : "Forgotten.";
  if (done === null) return what;
  const words = done.messages === 0 ? "" : ` Their words were taken out of ${counted(done.messages, "message")}.`;
  const rest = done.verified ? "" : " What could not be reached yet is tried again by itself.";
  const kept = done.skills ?? [];
  const skills =
    kept.length === 0 ? "" : ` Skills whose text you said yes to still say it: ${kept.join(", ")}. Uninstall them, or have them changed.`;
  return `${what}${all ? words : words.replace("Their", "Its")}${rest}${skills}`;
}

/** How the index is doing, only while there is something to wait for. */
export function statusWords({ index, unsaved }: MemoryStatus): string | null {
  if (index.embedded < index.entries) return `${whole(index.embedded)} of ${whole(index.entries)} searchable by meaning`;
  if (unsaved > 0) return `${counted(unsaved, "change is", "changes are")} still being saved`;
  return null;
}

const HOUR = 3_600_000;

/** How long something short-lived may be chosen to hold. */
export const SPANS = [
  { id: "day", name: "for a day", ms: 24 * HOUR },
  { id: "week", name: "for a week", ms: 7 * 24 * HOUR },
  { id: "month", name: "for a month", ms: 30 * 24 * HOUR },
] as const;
export type Span = (typeof SPANS)[number]["id"];

export const expiresAfter = (now: number, span: Span): number => now + (SPANS.find((item) => item.id === span)?.ms ?? SPANS[0].ms);
