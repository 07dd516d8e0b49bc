import { nameOf } from "./path.ts";
import type { FileVersionView, FileView } from "./shapes.ts";
import type { StoredFile, VersionAbout } from "./stored-file.ts";

export const fileView = (file: StoredFile): FileView => ({
  id: file.id,
  path: file.path,
  name: nameOf(file.path),
  size: file.size,
  mime: file.mime,
  version: file.version,
  author: file.author,
  untrusted: file.untrusted,
  created_at: file.createdAt,
  updated_at: file.updatedAt,
  deleted_at: file.deletedAt,
});

export const versionView = ({ version, size, mime, author, untrusted, at }: Omit<VersionAbout, "key">): FileVersionView => ({
  version,
  size,
  mime,
  author,
  untrusted,
  at,
});
