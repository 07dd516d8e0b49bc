import type { FileView } from "../../src/workspace/shapes.ts";

/** A file as the API tells of it. */
export const storedFile = (fields: Partial<FileView> = {}): FileView => ({
  id: "f",
  path: "/notes/today.md",
  name: "today.md",
  size: 1_200,
  mime: "text/markdown",
  version: 1,
  author: "user",
  untrusted: null,
  created_at: 0,
  updated_at: 0,
  deleted_at: null,
  ...fields,
});
