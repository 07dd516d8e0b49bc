import { SegmentedControl } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { folderOf } from "../../workspace/path.ts";
import { ApiError } from "../api/api-error.ts";
import { contentAddress, useDocumentText, useFileText } from "../api/file-content.ts";
import type { FileView } from "../api/workspace.ts";
import { ReplyText } from "../chat/reply-text.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { MediaPreview } from "./media-preview.tsx";
import { previewKind } from "./preview-kind.ts";
import { TablePreview } from "./table-preview.tsx";

interface Props {
  file: FileView;
  version: number;
}

/** What is in a file, as far as it can be shown. */
export function FilePreview({ file, version }: Props) {
  const kind = previewKind(file);
  if (kind === "none") return <NoPreview />;
  if (kind === "sound" || kind === "film") return <MediaPreview kind={kind} file={file} version={version} />;
  if (kind === "document") return <DocumentPreview file={file} version={version} />;
  if (kind === "picture") return <Picture file={file} version={version} />;
  if (kind === "drawing" || kind === "markdown") return <DrawnOrText kind={kind} file={file} version={version} />;
  return <TextPreview file={file} version={version} draw={kind === "table" ? "table" : "plain"} />;
}

function NoPreview() {
  return <p className="nothing file-nothing">There is no preview of this kind of file. Download it to open it.</p>;
}

/** What is text and means more. Nothing in it runs either way; a drawing that came from elsewhere can be one that never ends being drawn, so it is text until one wants it otherwise. */
function DrawnOrText({ kind, file, version }: Props & { kind: "drawing" | "markdown" }) {
  const ours = file.author === "agent" || file.untrusted === null;
  const [as, setAs] = useState(kind === "markdown" || ours ? "drawn" : "text");
  return (
    <>
      <SegmentedControl
        className="file-as"
        size="xs"
        aria-label="Show it as"
        value={as}
        onChange={setAs}
        data={[
          { value: "drawn", label: kind === "drawing" ? "Picture" : "Formatted" },
          { value: "text", label: "Text" },
        ]}
      />
      {as === "drawn" && kind === "drawing" ? (
        <Picture file={file} version={version} />
      ) : (
        <TextPreview file={file} version={version} draw={as === "drawn" ? "markdown" : "plain"} />
      )}
    </>
  );
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

/** What a PDF or a document of Office says. How it looks would be the browser's to draw, with all that such a file may hold. */
function DocumentPreview({ file, version }: Props) {
  const query = useDocumentText(file, version);
  if (query.error instanceof ApiError && query.error.code === "unsupported")
    return <p className="nothing file-nothing">{query.error.message} Download it to open it.</p>;
  return (
    <QueryView query={query}>
      {({ text, markdown, cut }) => (
        <>
          <p className="dim file-alone">Its text alone. Download it to see it as it is.</p>
          <Beginning cut={cut}>{markdown ? <Formatted file={file} text={text} /> : <PlainText name={file.name} text={text} />}</Beginning>
        </>
      )}
    </QueryView>
  );
}

function Formatted({ file, text }: { file: FileView; text: string }) {
  return (
    <div className="file-formatted">
      <ReplyText text={text} folder={folderOf(file.path)} />
    </div>
  );
}

function PlainText({ name, text }: { name: string; text: string }) {
  return (
    // It scrolls, so it can be reached by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="plain" tabIndex={0} role="region" aria-label={`What is in ${name}`}>
      {text}
    </pre>
  );
}

function TextPreview({ file, version, draw }: Props & { draw: "plain" | "table" | "markdown" }) {
  const query = useFileText(file, version);
  return (
    <QueryView query={query}>
      {({ text, cut }) => {
        if (text === null) return <NoPreview />;
        if (text === "") return <p className="nothing file-nothing">This file is empty.</p>;
        if (draw === "table") return <TablePreview text={text} cut={cut} name={file.name} />;
        return (
          <Beginning cut={cut}>
            {draw === "markdown" ? <Formatted file={file} text={text} /> : <PlainText name={file.name} text={text} />}
          </Beginning>
        );
      }}
    </QueryView>
  );
}

function Beginning({ cut, children }: { cut: boolean; children: ReactNode }) {
  return (
    <div className="file-preview">
      {children}
      {cut && <p className="dim">This is the beginning. Download the file for all of it.</p>}
    </div>
  );
}
