import { Link } from "wouter";
import type { FolderView } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { FileMenu } from "./file-menu.tsx";
import { folderHref } from "./file-places.ts";
import { sizeWords } from "./file-words.ts";

/** One folder: open it, see how much is in it, do something with it. */
export function FolderRow({ folder, onDeleted }: { folder: FolderView; onDeleted: () => void }) {
  return (
    <li className="doc">
      <span className="doc-mark">
        <Icon name="folder" />
      </span>
      <div className="doc-body">
        <Link href={folderHref(folder.path)} className="doc-name">
          {folder.name}
        </Link>
        <p className="doc-facts">
          {counted(folder.files, "file")} · {sizeWords(folder.bytes)}
        </p>
      </div>
      <FileMenu item={{ kind: "folder", path: folder.path, name: folder.name }} onDeleted={onDeleted} />
    </li>
  );
}
