import { Link } from "wouter";
import type { DocumentView } from "../api/knowledge.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { DocumentMenu } from "./document-menu.tsx";
import { DocumentState } from "./document-state.tsx";
import { documentFacts } from "./document-words.ts";

interface Props {
  document: DocumentView;
  /** The name of its collection, where documents of several are listed; null: not said. */
  collection: string | null;
  onDeleted: () => void;
}

/** One document: open it, see how far it was read, do something with it. */
export function DocumentRow({ document, collection, onDeleted }: Props) {
  const now = useNow();
  // What was read once stays readable while its next version is on its way.
  const readable = document.chunks !== null && document.chunks > 0;
  const facts = documentFacts(now, document);
  return (
    <li className="doc">
      <span className="doc-mark" data-type={document.type ?? undefined}>
        <Icon name={document.source_url === null ? "file" : "link"} />
      </span>
      <div className="doc-body">
        {readable ? (
          <Link href={`/knowledge/${document.id}`} className="doc-name">
            {document.name}
          </Link>
        ) : (
          <span className="doc-name">{document.name}</span>
        )}
        <p className="doc-facts">
          {facts.join(" · ")}
          {collection !== null && (
            <span className="doc-collection">
              <Icon name="folder" size={14} /> {collection}
            </span>
          )}
        </p>
        <DocumentState document={document} />
      </div>
      <DocumentMenu document={document} onDeleted={onDeleted} />
    </li>
  );
}
