import { scrubKeys } from "../secrets/key-shapes.ts";
import { MAX_MEMORY_TEXT } from "../memory/shapes.ts";
import { conversationFiles, conversationsIn } from "./detect.ts";
import { type FoundMessage, IMPORT_LIMITS, type ImportLimits, type Item, skipped } from "./found.ts";
import { isObject, type Json, listOf, objectOf, stringOf } from "./json-elements.ts";
import { cut } from "./markdown-notes.ts";
import type { Archive } from "./read-archive.ts";

/** Kinds of content that a person saw as an answer; the others are thoughts, and what went to tools and came from them. */
const SHOWN = new Set(["text", "multimodal_text", "code"]);

/** What is known of the person beside the conversations: the newest wins. */
interface About {
  at: number;
  user: string;
  model: string;
}

/**
 * A ChatGPT data export: `conversations.json`, or `conversations-000.json` and on. A conversation is a tree of messages; the line from `current_node` to the root is what was seen last. There is no
 * file of memories: they stand in the conversations, as what was written to the `bio` tool, and so do the custom instructions.
 */
export function* readChatGpt(archive: Archive, limits: ImportLimits = IMPORT_LIMITS): Generator<Item, void> {
  const about: About = { at: -1, user: "", model: "" };
  const remembered = new Set<string>();
  const files = conversationFiles(archive);
  for (const file of files) {
    let place = 0;
    for (const element of conversationsIn(file, limits)) {
      place++;
      if (!isObject(element) || !isObject(element["mapping"])) {
        yield skipped(`${file.path} #${place}`, element === null ? "The conversation is too large." : "This is no conversation.");
        continue;
      }
      const title = stringOf(element["title"]).slice(0, 200);
      const id = stringOf(element["conversation_id"]) || stringOf(element["id"]) || `${file.path}-${place}`;
      const startedAt = instant(element["create_time"]);
      if (element["is_do_not_remember"] === true) {
        yield skipped(title || id, "You asked ChatGPT not to remember it.");
        continue;
      }
      const messages: FoundMessage[] = [];
      let at = startedAt;
      for (const { node, message } of lineOf(element)) {
        at = instant(message["create_time"]) ?? at;
        learn(message, at ?? 0, about);
        if (message["recipient"] === "bio") {
          const text = scrubKeys(contentText(objectOf(message["content"]))).trim();
          if (!remembers(text) || remembered.has(text)) continue;
          remembered.add(text);
          for (const piece of cut(text, MAX_MEMORY_TEXT))
            yield { kind: "memory", text: piece, memory: "fact", aboutAt: null, quote: text.slice(0, 2_000), from: "ChatGPT's memory" };
          continue;
        }
        const said = shown(message);
        if (said !== null) messages.push({ ...said, at, externalId: stringOf(message["id"]) || node });
      }
      if (messages.length > 0) yield { kind: "conversation", id, title, messages };
    }
  }
  if (about.user !== "")
    for (const text of cut(scrubKeys(about.user), MAX_MEMORY_TEXT - 20))
      yield { kind: "memory", text: `About the user: ${text}`, memory: "profile", aboutAt: null, quote: text, from: "Custom instructions" };
  if (about.model !== "") yield { kind: "persona", text: scrubKeys(about.model), from: "Custom instructions" };
  const others = archive.files.filter((file) => !files.includes(file));
  if (others.length > 0)
    yield skipped(
      others
        .slice(0, 3)
        .map(({ path }) => path)
        .join(", "),
      `${others.length} other files of the export, such as pictures, were left out.`,
    );
}

/** The messages from the root to the one seen last. A damaged tree gives what can be reached. */
function lineOf(conversation: Json): { node: string; message: Json }[] {
  const mapping = objectOf(conversation["mapping"]);
  const line: { node: string; message: Json }[] = [];
  const seen = new Set<string>();
  let node = stringOf(conversation["current_node"]);
  if (!Object.hasOwn(mapping, node)) node = newestLeaf(mapping);
  while (Object.hasOwn(mapping, node) && !seen.has(node)) {
    seen.add(node);
    const entry = objectOf(mapping[node]);
    if (isObject(entry["message"])) line.push({ node, message: entry["message"] });
    node = stringOf(entry["parent"]);
  }
  return line.toReversed();
}

function newestLeaf(mapping: Json): string {
  let newest = "";
  let newestAt = -1;
  for (const [node, entry] of Object.entries(mapping)) {
    if (listOf(objectOf(entry)["children"]).length > 0) continue;
    const at = instant(objectOf(objectOf(entry)["message"])["create_time"]) ?? 0;
    if (at >= newestAt) [newest, newestAt] = [node, at];
  }
  return newest;
}

/** What the person saw of a message; null: nothing. */
function shown(message: Json): Pick<FoundMessage, "role" | "text"> | null {
  const role = objectOf(message["author"])["role"];
  if (role !== "user" && role !== "assistant") return null;
  if (objectOf(message["metadata"])["is_visually_hidden_from_conversation"] === true) return null;
  const recipient = message["recipient"];
  if (typeof recipient === "string" && recipient !== "all") return null;
  const content = objectOf(message["content"]);
  const type = content["content_type"];
  if (typeof type === "string" && !SHOWN.has(type)) return null;
  const text = contentText(content).trim();
  return text === "" ? null : { role, text };
}

function contentText(content: Json): string {
  const parts = listOf(content["parts"]).flatMap((part) => {
    if (typeof part === "string") return part === "" ? [] : [part];
    if (!isObject(part)) return [];
    // What was spoken has a transcript; pictures are not brought along.
    if (typeof part["text"] === "string") return [part["text"]];
    return part["content_type"] === "image_asset_pointer" ? ["[picture]"] : [];
  });
  return parts.length > 0 ? parts.join("\n") : stringOf(content["text"]);
}

/** Custom instructions travel in messages that are not shown. */
function learn(message: Json, at: number, about: About): void {
  const content = objectOf(message["content"]);
  const given = objectOf(objectOf(message["metadata"])["user_context_message_data"]);
  const user = stringOf(given["about_user_message"]) || unwrapped(stringOf(content["user_profile"]));
  const model = stringOf(given["about_model_message"]) || unwrapped(stringOf(content["user_instructions"]));
  if ((user === "" && model === "") || at < about.at) return;
  about.at = at;
  about.user = user.trim();
  about.model = model.trim();
}

/** The person's own words stand in a fence, below a sentence for the model. */
const unwrapped = (text: string): string => /```([^]*?)```/.exec(text)?.[1] ?? text;

/** The tool's other calls are JSON about entries that are named by number. */
const remembers = (text: string): boolean => text.length > 3 && !text.startsWith("{") && !text.startsWith("[");

/** Seconds, with a fraction, as UTC milliseconds. */
function instant(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value > 0 && value < 1e11 ? Math.round(value * 1_000) : null;
}
