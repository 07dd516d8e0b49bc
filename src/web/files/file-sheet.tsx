import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { contentAddress } from "../api/file-content.ts";
import { type FileView, useShares } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { FileMenu } from "./file-menu.tsx";
import { FilePreview } from "./file-preview.tsx";
import { FileVersions } from "./file-versions.tsx";
import { fileFacts, isFixed } from "./file-words.ts";
import { LinkDialog } from "./link-dialog.tsx";
import { LinkRows } from "./link-rows.tsx";
import { OutsideMark } from "./outside-mark.tsx";

/** What is known of a file that is there, what it holds, and what can be done with it. */
export function FileSheet({ file, onDeleted }: { file: FileView; onDeleted: () => void }) {
  const now = useNow();
  const shares = useShares();
  const [sharing, setSharing] = useState(false);
  /** The version that is looked at; null: the newest, also when there is a newer one by then. */
  const [chosen, setChosen] = useState<number | null>(null);
  const { path, name, version } = file;
  const fixed = isFixed(path);
  const shown = chosen ?? version;
  const top = useRef<HTMLDivElement>(null);
  const show = (one: number | null) => {
    setChosen(one);
    // The list of versions is below what it shows.
    top.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <div className="doc-head file-head" ref={top}>
        <p className="doc-facts">
          {[...fileFacts(now, file), ...(version > 1 ? [`version ${version}`] : [])].join(" · ")}
          <OutsideMark from={file.untrusted} />
        </p>
        <div className="row">
          <Button
            component="a"
            href={contentAddress(path)}
            download={name}
            variant="default"
            leftSection={<Icon name="download" size={17} />}
          >
            Download
          </Button>
          {!fixed && (
            <Button variant="default" leftSection={<Icon name="link" size={17} />} onClick={() => setSharing(true)}>
              Share
            </Button>
          )}
          <FileMenu item={{ kind: "file", path, name, version }} onDeleted={onDeleted} />
        </div>
      </div>
      {shown !== version && (
        <p className="old-version" role="status">
          This is version {shown}. The newest is version {version}.
          <button type="button" className="link-button" onClick={() => setChosen(null)}>
            Back to the newest
          </button>
        </p>
      )}
      <FilePreview key={`${file.id} ${shown}`} file={file} version={shown} />
      <FileVersions file={file} shown={shown} onShow={show} />
      {!fixed && (
        <Section title="Links" intro="Whoever has a link can read this file, as it is then, until the link ends.">
          <QueryView query={shares} lines={1}>
            {(list) => {
              const own = list.filter((share) => share.path === path);
              return own.length === 0 ? <p className="dim">There is no link to it.</p> : <LinkRows shares={own} named={false} />;
            }}
          </QueryView>
        </Section>
      )}
      {sharing && <LinkDialog path={path} name={name} onClose={() => setSharing(false)} />}
    </>
  );
}
