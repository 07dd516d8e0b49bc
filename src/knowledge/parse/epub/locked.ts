import { localName, type XmlHandler } from "../xml.ts";
import { pathIn } from "./path-in.ts";

/** How fonts are made unusable outside of their book, which is no matter for its text. */
const FONTS = new Set(["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"]);
const MAX_FILES = 20_000;

/** Reads `META-INF/encryption.xml`: the files of a book that only a program with its key can read. */
export function lockedIn(): XmlHandler & { files: ReadonlySet<string> } {
  const files = new Set<string>();
  let method = "";
  return {
    files,
    open(name, { Algorithm: algorithm = "", URI: address = "" }) {
      const kind = localName(name);
      if (kind === "EncryptedData") method = "";
      // The key has a method too, which stands behind that of the data.
      else if (kind === "EncryptionMethod") method ||= algorithm;
      else if (kind === "CipherReference" && !FONTS.has(method) && files.size < MAX_FILES) {
        const path = address.length > 2_000 ? null : pathIn(address, "");
        if (path !== null) files.add(path);
      }
    },
    close() {},
  };
}
