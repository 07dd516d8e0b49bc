import { Link } from "wouter";
import type { FileView } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { FileMenu } from "./file-menu.tsx";
import { fileHref } from "./file-places.ts";
import { fileFacts, whereWords } from "./file-words.ts";
import { OutsideMark } from "./outside-mark.tsx";

interface Props {
  file: FileView;
  /** It was looked for, so where it lies is told too. */
  found: boolean;
  onDeleted: () => void;
}

/** One file: open it, see what it is, do something with it. */
export function FileRow({ file, found, onDeleted }: Props) {
  const now = useNow();
  const where = found ? whereWords(file.path) : null;
  return (
    <li className="doc">
      <span className="doc-mark">
        <Icon name="file" />
      </span>
      <div className="doc-body">
        <Link href={fileHref(file.path)} className="doc-name">
          {file.name}
        </Link>
        <p className="doc-facts">
          {[...(where === null ? [] : [where]), ...fileFacts(now, file)].join(" · ")}
          <OutsideMark from={file.untrusted} />
        </p>
      </div>
      <FileMenu item={{ kind: "file", path: file.path, name: file.name, version: file.version }} onDeleted={onDeleted} />
    </li>
  );
}
