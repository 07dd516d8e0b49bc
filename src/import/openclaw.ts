import { scrubKeys } from "../secrets/key-shapes.ts";
import { MAX_MEMORY_TEXT } from "../memory/shapes.ts";
import { IMPORT_LIMITS, type ImportLimits, type Item, skipped } from "./found.ts";
import { notesIn, piecesOf, withoutExtras } from "./markdown-notes.ts";
import { type Archive, type ArchiveFile, textOf } from "./read-archive.ts";

/** `2026-05-12.md` and `2026-05-12-a-topic.md`: what happened on that day. */
const DAY = /^(\d{4}-\d{2}-\d{2})(?:[-_][^/]*)?\.md$/i;

const OTHERS: Record<string, string> = {
  "agents.md": "Instructions for OpenClaw's own tools and routines. What still fits can be put into “How Margay should be”.",
  "tools.md": "Notes about the tools of that machine.",
  "heartbeat.md": "What OpenClaw does at its heartbeats. Tell Margay what it should do regularly.",
  "boot.md": "What OpenClaw does when it starts.",
  "bootstrap.md": "OpenClaw's first conversation.",
};

/**
 * An OpenClaw workspace (docs.openclaw.ai/concepts/agent-workspace): `SOUL.md` and `IDENTITY.md` say how the agent is, `USER.md` who the user is, `MEMORY.md` and `memory/` what it remembers,
 * one file a day. Skills are counted.
 */
export function* readOpenClaw(archive: Archive, root: string, limits: ImportLimits = IMPORT_LIMITS): Generator<Item, void> {
  const files = archive.files.filter(({ path }) => path.startsWith(root)).map((file) => ({ file, name: file.path.slice(root.length) }));
  const at = (name: string): ArchiveFile | undefined =>
    // MEMORY.md goes before memory.md, which OpenClaw reads only where the other is missing.
    files.find((entry) => entry.name === name)?.file ?? files.find((entry) => entry.name.toLowerCase() === name.toLowerCase())?.file;
  const outside = archive.files.length - files.length;
  const [soul, identity, user, memory] = [at("SOUL.md"), at("IDENTITY.md"), at("USER.md"), at("MEMORY.md")];
  const taken = new Set<ArchiveFile>();

  const persona = personaOf(soul && textOf(soul, limits.file), identity && textOf(identity, limits.file));
  if (persona !== "")
    yield { kind: "persona", text: persona, from: [soul && "SOUL.md", identity && "IDENTITY.md"].filter(Boolean).join(" and ") };
  for (const file of [soul, identity]) if (file) taken.add(file);

  if (user) yield* memories(user, "USER.md", { memory: "profile", aboutAt: null, about: "About the user" });
  if (memory) yield* memories(memory, "MEMORY.md", { memory: "fact", aboutAt: null });
  for (const file of [user, memory]) if (file) taken.add(file);

  const notes = files.filter(({ name }) => /^memory\/.*\.md$/i.test(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const { file, name } of notes) {
    taken.add(file);
    const day = DAY.exec(name.split("/").at(-1) ?? "")?.[1];
    // Noon in UTC is that day nearly everywhere.
    const aboutAt = day === undefined ? Number.NaN : Date.parse(`${day}T12:00:00Z`);
    yield* Number.isNaN(aboutAt)
      ? memories(file, name, { memory: "fact", aboutAt: null })
      : memories(file, name, { memory: "episode", aboutAt });
  }

  for (const { file, name } of files) {
    if (taken.has(file)) continue;
    if (/^skills\/.*SKILL\.md$/i.test(name)) yield { kind: "skill", path: name };
    else if (!/^skills\//i.test(name))
      yield skipped(
        name,
        OTHERS[name.toLowerCase()] ?? "Not what OpenClaw knows about you. A folder of Markdown can be brought by itself, as documents.",
      );
  }
  if (outside > 0) yield skipped(root === "" ? "/" : root, `${outside} files outside the workspace were not looked at.`);

  function* memories(
    file: ArchiveFile,
    from: string,
    as: { memory: "profile" | "fact" | "episode"; aboutAt: number | null; about?: string },
  ): Generator<Item, void> {
    const text = textOf(file, limits.file);
    if (text === null) return yield skipped(from, "It is too large to be notes.");
    for (const { text: piece, quote } of as.memory === "episode" ? sections(text) : facts(text, as.about))
      yield { kind: "memory", text: piece, memory: as.memory, aboutAt: as.aboutAt, quote: quote.slice(0, 2_000), from };
  }
}

/** Every item and paragraph one by one. */
function* facts(markdown: string, about = ""): Generator<{ text: string; quote: string }, void> {
  for (const note of notesIn(scrubKeys(markdown))) {
    const heading = [about, note.heading].filter((part) => part !== "").join(" › ");
    for (const text of piecesOf({ ...note, heading }, MAX_MEMORY_TEXT)) yield { text, quote: note.quote };
  }
}

/** What a day's notes say under one heading belongs together. */
function* sections(markdown: string): Generator<{ text: string; quote: string }, void> {
  let open: { heading: string; text: string; quote: string } | null = null;
  for (const note of notesIn(scrubKeys(markdown))) {
    const longer: string = open === null ? "" : `${open.text}\n${note.text}`;
    if (open !== null && open.heading === note.heading && longer.length + open.heading.length + 2 <= MAX_MEMORY_TEXT) {
      open = { heading: open.heading, text: longer, quote: `${open.quote}\n${note.quote}` };
      continue;
    }
    if (open !== null) for (const text of piecesOf(open, MAX_MEMORY_TEXT)) yield { text, quote: open.quote };
    open = note;
  }
  if (open !== null) for (const text of piecesOf(open, MAX_MEMORY_TEXT)) yield { text, quote: open.quote };
}

/** How the agent was: its soul as it stands, and of its identity what was filled in. */
function personaOf(soul: string | null | undefined, identity: string | null | undefined): string {
  const body = withoutExtras(soul ?? "")
    .replace(/^\s*#\s+SOUL\.md[^\n]*\n/i, "")
    .replaceAll(/^_[^\n]*_[ \t]*$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
  const fields = [...notesIn(identity ?? "")]
    .filter(({ text }) => /^(?:name|creature|vibe|emoji):\s*\S/i.test(text))
    .map(({ text }) => text);
  return scrubKeys([fields.join("\n"), body].filter((part) => part !== "").join("\n\n")).toWellFormed();
}
