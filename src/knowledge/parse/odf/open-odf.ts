import { DocumentError } from "../../parsed.ts";
import { OfficeParts } from "../office-parts.ts";
import type { Work } from "../work.ts";
import type { XmlHandler } from "../xml.ts";
import { type OdfStyles, StylesReader } from "./styles.ts";

/**
 * Reads an OpenDocument file (ODF 1.3, in a zip) with what is made for its kind; gives back that, and the title that the file says it has. Throws `DocumentError`: `encrypted` where it has a password.
 */
export async function readOdf<Reader extends XmlHandler & { end(): void }>(
  bytes: Uint8Array,
  work: Work,
  reader: (styles: OdfStyles) => Reader,
): Promise<{ title: string | null; body: Reader }> {
  const parts = new OfficeParts(bytes, work);
  const manifest = protectedIn();
  await parts.read("META-INF/manifest.xml", manifest);
  if (manifest.found) throw new DocumentError("encrypted", "The document is protected with a password. Save it without one first.");
  const styles = new StylesReader();
  await parts.read("styles.xml", styles);
  const body = reader(styles);
  if (!(await parts.read("content.xml", withStyles(styles, body)))) throw new DocumentError("damaged", "The document has no text part.");
  body.end();
  return { title: await parts.title("meta.xml"), body };
}

/** Reads the list of files: whether one of them is locked. */
function protectedIn(): XmlHandler & { found: boolean } {
  const handler = {
    found: false,
    open(name: string): void {
      if (name === "manifest:encryption-data") handler.found = true;
    },
    close(): void {},
  };
  return handler;
}

/** The styles of the document's own stand before its text. */
function withStyles(styles: StylesReader, body: XmlHandler): XmlHandler {
  let inBody = false;
  return {
    open(name, attributes) {
      if (inBody) body.open(name, attributes);
      else if (name === "office:body") inBody = true;
      else styles.open(name, attributes);
    },
    close(name) {
      if (name === "office:body") inBody = false;
      else if (inBody) body.close(name);
      else styles.close(name);
    },
    characters: (text) => void (inBody && body.characters?.(text)),
  };
}
