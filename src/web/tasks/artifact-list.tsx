import { Link } from "wouter";
import type { TaskView } from "../api/tasks.ts";
import { fileHref } from "../files/file-places.ts";
import { bytes } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";

/** Files that were written, each with the way to it. */
export function ArtifactList({ files }: { files: TaskView["artifacts"] }) {
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label="Files that it wrote">
      {files.map((file) => (
        <li key={file.path}>
          <Link className="file" href={fileHref(file.path)}>
            <Icon name="file" size={16} />
            <span className="file-name">{file.path}</span>
            <span className="file-size">{bytes(file.size)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
