import { nameOf } from "../../workspace/path.ts";
import type { FileView } from "../../workspace/shapes.ts";
import { sizeOf } from "../../workspace/size-of.ts";
import { type Incoming, MAX_CONTENT, oneLine } from "../incoming.ts";

/** A file of the user's that is new, or has new content, as an event. Its name may be somebody else's word: whoever sent it chose it. */
export function fileEvent(file: FileView): Incoming {
  const { id, path, version, size, mime, author, untrusted } = file;
  const isNew = version === 1;
  const content = [
    `file: ${path}`,
    isNew ? "new" : `version ${version}`,
    `${sizeOf(size)}, ${mime}`,
    ...(untrusted === null ? [] : [`from: ${oneLine(untrusted)}`]),
    "(read_file reads it)",
  ].join("\n");
  return {
    key: `file ${id} ${version}`,
    bytesKey: null,
    repeatMs: null,
    title: oneLine(`${path} ${isNew ? "was added" : "was changed"}`),
    fields: {
      path,
      name: nameOf(path),
      extension: /\.([^./]{1,20})$/.exec(path)?.[1]?.toLowerCase() ?? null,
      size,
      mime,
      version,
      is_new: isNew,
      author,
      from_outside: untrusted !== null,
    },
    content: content.slice(0, MAX_CONTENT).toWellFormed(),
    nothing: null,
  };
}
