import { localName, type XmlHandler } from "../xml.ts";
import { pathIn } from "./path-in.ts";

const MAX_FILES = 20_000;

/** Reads `META-INF/encryption.xml`: the files of a book that not every program can read. Of fonts that is usual, and no matter for the text. */
export function lockedIn(): XmlHandler & { files: ReadonlySet<string> } {
  const files = new Set<string>();
  return {
    files,
    open(name, { URI: address = "" }) {
      if (localName(name) !== "CipherReference" || files.size >= MAX_FILES || address.length > 2_000) return;
      const path = pathIn(address, "");
      if (path !== null) files.add(path);
    },
    close() {},
  };
}
