import { scrubKeys } from "../secrets/key-shapes.ts";
import { MAX_MEMORY_TEXT } from "../memory/shapes.ts";
import { CLAUDE_MEMORIES, conversationFiles, conversationsIn, objectsIn } from "./detect.ts";
import { type FoundMessage, IMPORT_LIMITS, type ImportLimits, type Item, skipped } from "./found.ts";
import { isObject, type Json, listOf, objectOf, stringOf } from "./json-elements.ts";
import { notesIn, piecesOf } from "./markdown-notes.ts";
import type { Archive, ArchiveFile } from "./read-archive.ts";

const PROJECTS = /(?:^|\/)(?:projects|projects\/[^/]+)\.json$/i;

/**
 * A Claude data export: `conversations.json` with `chat_messages`, `projects.json` with the documents of projects, `memories.json` with what Claude remembers, by and large and for each project; newer ones
 * have a file for each project and account in folders of those names.
 */
export function* readClaude(archive: Archive, limits: ImportLimits = IMPORT_LIMITS): Generator<Item, void> {
  const conversations = conversationFiles(archive);
  const projectFiles = archive.files.filter(({ path }) => PROJECTS.test(path));
  // A single file of another name may be the memories.
  const memoryFiles = archive.files.filter(
    (file) => CLAUDE_MEMORIES.test(file.path) || (archive.files.length === 1 && conversations.includes(file)),
  );
  const names = new Map<string, string>();
  const documents: Item[] = [];
  for (const file of projectFiles)
    for (const project of objectsIn(file, limits)) {
      const name = stringOf(project["name"]).slice(0, 100) || "Claude project";
      names.set(stringOf(project["uuid"]), name);
      documents.push(...documentsOf(project, name, file));
    }
  for (const file of memoryFiles) for (const memory of objectsIn(file, limits)) yield* memoriesOf(memory, names);
  yield* documents;
  for (const file of conversations) yield* conversationsOf(file, limits);
  const read = new Set([...conversations, ...projectFiles, ...memoryFiles]);
  for (const { path } of archive.files.filter((file) => !read.has(file)))
    yield skipped(
      path,
      /(?:^|\/)users\.json$/i.test(path)
        ? "Your account at Claude; nothing of it is needed."
        : "Not a part of the export that is understood.",
    );
}

function* conversationsOf(file: ArchiveFile, limits: ImportLimits): Generator<Item, void> {
  let place = 0;
  for (const element of conversationsIn(file, limits)) {
    place++;
    if (isObject(element) && typeof element["conversations_memory"] === "string") continue;
    if (!isObject(element) || !Array.isArray(element["chat_messages"])) {
      yield skipped(`${file.path} #${place}`, element === null ? "The conversation is too large." : "This is no conversation.");
      continue;
    }
    const id = stringOf(element["uuid"]) || `${file.path}-${place}`;
    const messages: FoundMessage[] = [];
    let at = instant(element["created_at"]);
    for (const [index, message] of lineOf(element["chat_messages"].filter(isObject)).entries()) {
      at = instant(message["created_at"]) ?? at;
      const { sender } = message;
      const text = textOf(message).trim();
      if (text === "" || (sender !== "human" && sender !== "user" && sender !== "assistant")) continue;
      messages.push({
        role: sender === "assistant" ? "assistant" : "user",
        text,
        at,
        externalId: stringOf(message["uuid"]) || String(index),
      });
    }
    if (messages.length > 0) yield { kind: "conversation", id, title: stringOf(element["name"]).slice(0, 200), messages };
  }
}

/** The line that was seen last, where messages say what they follow; answers that were made anew are left out. Else all, as they come. */
function lineOf(messages: Json[]): Json[] {
  const byId = new Map(messages.map((message) => [stringOf(message["uuid"]), message]));
  const follows = messages.filter((message) => byId.has(stringOf(message["parent_message_uuid"]))).length;
  if (messages.length < 2 || follows < messages.length - 1) return messages;
  const line: Json[] = [];
  const seen = new Set<Json>();
  let message = messages.reduce((newest, other) =>
    (instant(other["created_at"]) ?? 0) >= (instant(newest["created_at"]) ?? 0) ? other : newest,
  );
  while (!seen.has(message)) {
    seen.add(message);
    line.push(message);
    message = byId.get(stringOf(message["parent_message_uuid"])) ?? message;
  }
  return line.toReversed();
}

/** What was written and answered; thoughts and tools are left out. */
function textOf(message: Json): string {
  const blocks = listOf(message["content"]).filter(isObject);
  const written = blocks.filter(({ type }) => type === "text").map(({ text }) => stringOf(text));
  const text = written.some((part) => part !== "") ? written.join("\n\n") : stringOf(message["text"]);
  const names = [...listOf(message["attachments"]), ...listOf(message["files"])]
    .map((file) => stringOf(objectOf(file)["file_name"]))
    .filter((name) => name !== "");
  return [text, ...new Set(names.map((name) => `[attached: ${name.slice(0, 200)}]`))].filter((part) => part !== "").join("\n");
}

function* memoriesOf(memory: Json, projects: Map<string, string>): Generator<Item, void> {
  yield* notes(stringOf(memory["conversations_memory"]), "", "memories.json");
  for (const [project, text] of Object.entries(objectOf(memory["project_memories"])))
    yield* notes(stringOf(text), `Project ${projects.get(project) ?? project.slice(0, 8)}`, "memories.json (projects)");
}

function* notes(markdown: string, about: string, from: string): Generator<Item, void> {
  for (const note of notesIn(scrubKeys(markdown))) {
    const heading = [about, note.heading].filter((part) => part !== "").join(" › ");
    for (const text of piecesOf({ ...note, heading }, MAX_MEMORY_TEXT))
      yield { kind: "memory", text, memory: "fact", aboutAt: null, quote: note.quote.slice(0, 2_000), from };
  }
}

function documentsOf(project: Json, name: string, file: ArchiveFile): Item[] {
  const found: Item[] = [];
  for (const doc of listOf(project["docs"]).filter(isObject)) {
    const [filename, content] = [stringOf(doc["filename"]).slice(0, 200) || "document", stringOf(doc["content"])];
    if (content === "") continue;
    // What was a PDF is its text here.
    const path = /\.(?:md|markdown|txt)$/i.test(filename) ? filename : `${filename}.txt`;
    const mime = /\.(?:md|markdown)$/i.test(path) ? "text/markdown" : "text/plain";
    found.push({ kind: "document", path: `${name}/${path}`, mime, collection: name, bytes: () => new TextEncoder().encode(content) });
  }
  if (stringOf(project["prompt_template"]).trim() !== "")
    found.push(
      skipped(
        `${file.path}: ${name}`,
        "A project's instructions are not taken over: they hold for one project, and Margay has one conversation.",
      ),
    );
  return found;
}

/** An ISO 8601 instant as UTC milliseconds. */
function instant(value: unknown): number | null {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) || at < 0 ? null : at;
}
