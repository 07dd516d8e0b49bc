import { readableText } from "../encoding.ts";
import { MargayError } from "../errors.ts";

/** A file's bytes as the text that code asked for. Throws `unsupported` where they are none. */
export function textOfFile(path: string, bytes: Uint8Array): string {
  const text = readableText(bytes);
  if (text === null) throw new MargayError("unsupported", `${path} is no text. Read it with files.readBytes.`);
  return text;
}
