import type { ContentItem, FileRef } from "../channels/message.ts";
import { sizeOf } from "../workspace/size-of.ts";

/** Where files of a message are among the user's, by their keys; null: there was no room for it. What a message itself says of that counts for nothing. */
export function withPlaces(content: readonly ContentItem[], places: ReadonlyMap<string, string | null>): ContentItem[] {
  return content.map((item) => {
    if (item.kind !== "file") return item;
    const { path: _said, ...file } = item.file;
    const path = places.get(file.key);
    return { ...item, file: path === undefined ? file : { ...file, path } };
  });
}

/** What the user is told of files that came with a message; empty: nothing. */
export function fileNotes(content: readonly ContentItem[]): string[] {
  const left: FileRef[] = content.flatMap((item) => (item.kind === "file" && item.file.path === null ? [item.file] : []));
  if (left.length === 0) return [];
  const names = left.map(({ name, size }) => `“${name}” (${sizeOf(size)})`).join(", ");
  const they = left.length === 1 ? "it is" : "they are";
  return [
    `There is no room among your files for ${names}: ${they} kept with your message only, where programs do not find ${left.length === 1 ? "it" : "them"}. Delete something under Files, then send ${left.length === 1 ? "it" : "them"} again.`,
  ];
}
