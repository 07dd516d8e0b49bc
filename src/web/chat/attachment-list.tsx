import type { ContentItem, FileRef } from "../../channels/message.ts";
import { bytes } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";

/** Images that the API shows instead of handing them out as a download. */
const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

/** Without the user's own prefix, `u/<id>/`: the server knows who asks. */
const address = (file: FileRef): string => `/api/v1/files/${file.key.split("/").slice(2).map(encodeURIComponent).join("/")}`;

/** Files of a message: pictures as such, everything else by name and size. They come from the user's own store, never from elsewhere. */
export function AttachmentList({ files }: { files: FileRef[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="files" aria-label="Attached files">
      {files.map((file) => (
        <li key={file.key}>
          {file.deleted === true ? (
            <span className="file">
              <Icon name="file" size={16} />
              <span className="file-name">{file.name}</span>
              <span className="file-size">deleted</span>
            </span>
          ) : (
            <a className={SHOWN.has(file.mime) ? "picture" : "file"} href={address(file)} target="_blank" rel="noopener noreferrer">
              {SHOWN.has(file.mime) ? (
                <img src={address(file)} alt={file.name} loading="lazy" />
              ) : (
                <>
                  <Icon name="file" size={16} />
                  <span className="file-name">{file.name}</span>
                  <span className="file-size">{bytes(file.size)}</span>
                </>
              )}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

export const filesIn = (content: ContentItem[]): FileRef[] => content.flatMap((item) => (item.kind === "file" ? [item.file] : []));

/** What came with a message and is not the user's word: a quote, a forward, a context field. */
export function QuotedContent({ content }: { content: ContentItem[] }) {
  const quoted = content.flatMap((item) => (item.kind === "file" ? [] : [item]));
  if (quoted.length === 0) return null;
  return quoted.map((item, index) => (
    <details key={index} className="quoted">
      <summary>
        {item.kind === "forward" ? "Forwarded" : item.kind === "quote" ? "Quote" : "Context"}: {item.origin}
      </summary>
      <div className="plain">{item.text}</div>
    </details>
  ));
}
