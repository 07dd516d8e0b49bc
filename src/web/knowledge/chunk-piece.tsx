import { memo } from "react";
import { MARKDOWN_TYPES } from "../../knowledge/shapes.ts";
import type { ChunkView, DocumentView } from "../api/knowledge.ts";
import { ReplyText } from "../chat/reply-text.tsx";
import { withoutHeadings } from "./document-words.ts";

interface Props {
  chunk: ChunkView;
  type: DocumentView["type"];
  /** It is the first on the page: what it stands under was before it. */
  first: boolean;
  /** The number of the page that begins here; null: it began before, or there are none. */
  page: number | null;
  cited: boolean;
}

/** One piece of a document. Its text comes from anywhere: it is drawn as text, or by the Markdown that draws answers, which knows no HTML. */
export const ChunkPiece = memo(function ChunkPiece({ chunk, type, first, page, cited }: Props) {
  // Where a format has no headings, a `#` at the beginning is a `#`.
  const { headings, body } = chunk.heading_path.length === 0 ? { headings: [], body: chunk.text } : withoutHeadings(chunk.text);
  return (
    <>
      {page !== null && (
        <p className="chunk-page">
          <span>Page {page}</span>
        </p>
      )}
      {first && headings.length === 0 && chunk.heading_path.length > 0 && <p className="chunk-under">{chunk.heading_path.join(" › ")}</p>}
      {headings.map((heading, index) => (
        <h2 key={index} className="chunk-heading" data-level={heading.level}>
          {heading.text}
        </h2>
      ))}
      <section
        className="chunk"
        data-position={chunk.position}
        data-cited={cited || undefined}
        aria-label={cited ? "The cited passage" : undefined}
        tabIndex={cited ? -1 : undefined}
      >
        {type !== null && MARKDOWN_TYPES.has(type) ? <ReplyText text={body} /> : <div className="plain">{body}</div>}
      </section>
    </>
  );
});
