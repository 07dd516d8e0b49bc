import { Link } from "wouter";
import { Icon } from "../ui/icons.tsx";
import { folderHref } from "./file-places.ts";
import { folderName, foldersTo } from "./file-words.ts";

/** Where one is, and the way up. Nothing at the root. */
export function FolderCrumbs({ path }: { path: string }) {
  const folders = foldersTo(path);
  if (folders.length === 1) return null;
  return (
    <nav aria-label="Folders" className="crumbs">
      <ol>
        {folders.map((folder, index) => (
          <li key={folder}>
            {index > 0 && <Icon name="right" size={14} />}
            <Link href={folderHref(folder)} aria-current={folder === path ? "page" : undefined}>
              {folderName(folder)}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}
