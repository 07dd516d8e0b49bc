import { useState } from "react";
import { contentAddress, useFileText } from "../api/file-content.ts";
import type { FileView } from "../api/workspace.ts";
import { QueryView } from "../ui/query-view.tsx";
import { previewKind } from "./preview-kind.ts";
import { TablePreview } from "./table-preview.tsx";

interface Props {
  file: FileView;
  version: number;
}

/** What is in a file, as far as it can be shown. Text is shown as text, whatever it is. */
export function FilePreview({ file, version }: Props) {
  const kind = previewKind(file);
  if (kind === "none") return <NoPreview />;
  if (kind === "picture") return <Picture file={file} version={version} />;
  return <TextPreview file={file} version={version} table={kind === "table"} />;
}

function NoPreview() {
  return <p className="nothing file-nothing">There is no preview of this kind of file. Download it to open it.</p>;
}

function Picture({ file, version }: Props) {
  const [broken, setBroken] = useState(false);
  if (broken) return <p className="nothing file-nothing">This picture cannot be shown. Download it to open it.</p>;
  return (
    <figure className="file-picture">
      <img src={contentAddress(file.path, version)} alt={file.name} onError={() => setBroken(true)} />
    </figure>
  );
}

function TextPreview({ file, version, table }: Props & { table: boolean }) {
  const query = useFileText(file, version);
  return (
    <QueryView query={query}>
      {({ text, cut }) => {
        if (text === null) return <NoPreview />;
        if (text === "") return <p className="nothing file-nothing">This file is empty.</p>;
        if (table) return <TablePreview text={text} cut={cut} name={file.name} />;
        return (
          <div className="file-preview">
            {/* It scrolls, so it can be reached by keys. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <pre className="plain" tabIndex={0} role="region" aria-label={`What is in ${file.name}`}>
              {text}
            </pre>
            {cut && <p className="dim">This is the beginning. Download the file for all of it.</p>}
          </div>
        );
      }}
    </QueryView>
  );
}
