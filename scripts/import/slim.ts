import { CONVERSATIONS, conversationsIn } from "../../src/import/detect.ts";
import { IMPORT_LIMITS } from "../../src/import/found.ts";
import { isObject, type Json, listOf, objectOf } from "../../src/import/json-elements.ts";
import type { ArchiveFile } from "../../src/import/read-archive.ts";

/**
 * An export's conversations without what is not read of them: tools, thoughts, what models were told. A large export gets a tenth of its size that way, and fits into an upload; what stays is in the
 * export's own format, so that it is read in one way only. Null: nothing to leave out.
 */
export function slim(file: ArchiveFile): Uint8Array | null {
  if (!CONVERSATIONS.test(file.path) && !/\.json$/i.test(file.path)) return null;
  const parts: Buffer[] = [];
  let separator = "[";
  for (const element of conversationsIn(file, IMPORT_LIMITS)) {
    if (!isObject(element)) continue;
    const kept = isObject(element["mapping"]) ? chatGpt(element) : Array.isArray(element["chat_messages"]) ? claude(element) : element;
    parts.push(Buffer.from(`${separator}${JSON.stringify(kept)}`));
    separator = ",";
  }
  return Buffer.concat([...parts, Buffer.from(separator === "[" ? "[]" : "]")]);
}

function chatGpt(conversation: Json): Json {
  const mapping = Object.fromEntries(
    Object.entries(objectOf(conversation["mapping"])).map(([id, given]) => {
      const node = objectOf(given);
      const message = objectOf(node["message"]);
      const role = objectOf(message["author"])["role"];
      const said = role === "user" || role === "assistant" || isObject(objectOf(message["metadata"])["user_context_message_data"]);
      return [id, { ...pick(node, "parent", "children"), message: said ? chatGptMessage(message) : null }];
    }),
  );
  return { ...pick(conversation, "conversation_id", "id", "title", "create_time", "current_node", "is_do_not_remember"), mapping };
}

const chatGptMessage = (message: Json): Json => ({
  ...pick(message, "id", "create_time", "recipient"),
  author: pick(objectOf(message["author"]), "role"),
  content: pick(objectOf(message["content"]), "content_type", "parts", "text", "user_profile", "user_instructions"),
  metadata: pick(objectOf(message["metadata"]), "is_visually_hidden_from_conversation", "user_context_message_data"),
});

function claude(conversation: Json): Json {
  const messages = listOf(conversation["chat_messages"])
    .filter(isObject)
    .map((message) => {
      const blocks = listOf(message["content"]).filter((block) => isObject(block) && block["type"] === "text");
      const named = (files: unknown) => listOf(files).map((file) => pick(objectOf(file), "file_name"));
      return {
        ...pick(message, "uuid", "sender", "created_at", "parent_message_uuid"),
        content: blocks.map((block) => pick(objectOf(block), "type", "text")),
        // The same words once more, where there are blocks.
        ...(blocks.length > 0 ? {} : pick(message, "text")),
        attachments: named(message["attachments"]),
        files: named(message["files"]),
      };
    });
  return { ...pick(conversation, "uuid", "name", "created_at"), chat_messages: messages };
}

const pick = (from: Json, ...names: string[]): Json =>
  Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
