/** Where the bytes of a version are: text that is short is a column, all else an object in R2. */
export type Content = { text: string; key: null } | { text: null; key: string };

/** One state of a file's content. */
export interface FileVersion extends Omit<VersionAbout, "key"> {
  content: Content;
}

/** The same without its text: of many versions together the texts may be more than an object can hold. */
export interface VersionAbout {
  fileId: string;
  version: number;
  /** Of the object in R2; null: it is text that lies in the row. */
  key: string | null;
  size: number;
  mime: string;
  /** Tells contents apart: of text its SHA-256, of an object in R2 its ETag. */
  hash: string;
  author: "user" | "agent";
  untrusted: string | null;
  at: number;
}

/** A file of the user's, with what is shown of its newest version. */
export interface StoredFile {
  id: string;
  path: string;
  version: number;
  size: number;
  mime: string;
  author: "user" | "agent";
  untrusted: string | null;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
  /** The tool call that changed it last: the same again does nothing. */
  callKey: string | null;
}
