import { Button } from "@mantine/core";
import { Link, useLocation, useSearchParams } from "wouter";
import { ApiError } from "../api/api-error.ts";
import { type DocumentView, useChunks, useCollections, useDocument } from "../api/knowledge.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { DocumentBar } from "./document-bar.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { DocumentMenu } from "./document-menu.tsx";
import { DocumentState } from "./document-state.tsx";
import { DocumentText, firstPiece } from "./document-text.tsx";
import { documentFacts, placeIn } from "./document-words.ts";

/** One document, at a place of it: what a citation opens. */
export default function DocumentPage({ id }: { id: string }) {
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const at = placeIn(params.get("at"));
  const query = useDocument(id);
  // The text is asked for together with what is known of it, not after it.
  useChunks(id, firstPiece(at));
  const gone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page title={query.data?.name ?? (gone ? "Not there any more" : "Document")}>
      <Link href="/knowledge" className="back">
        <Icon name="back" size={16} /> Knowledge
      </Link>
      {gone ? (
        <div className="empty-page">
          <p>This document was deleted. What it said cannot be shown any more.</p>
          <Button component={Link} href="/knowledge" variant="default">
            All documents
          </Button>
        </div>
      ) : (
        <QueryView query={query} lines={1}>
          {(document) => (
            <>
              <DocumentBar name={document.name} />
              <Head document={document} onDeleted={() => navigate("/knowledge")} />
              <DocumentState document={document} />
              {(document.chunks ?? 0) > 0 && <DocumentText key={`${at}`} document={document} at={at} />}
            </>
          )}
        </QueryView>
      )}
    </Page>
  );
}

function Head({ document, onDeleted }: { document: DocumentView; onDeleted: () => void }) {
  const now = useNow();
  const collection = useCollections().data?.find(({ id }) => id === document.collection_id);
  return (
    <div className="doc-head">
      <p className="doc-facts">
        {documentFacts(now, document).join(" · ")}
        {collection && (
          <Link href={`/knowledge?collection=${collection.id}`} className="doc-collection">
            <Icon name="folder" size={14} /> {collection.name}
          </Link>
        )}
      </p>
      <DocumentMenu document={document} onDeleted={onDeleted} />
    </div>
  );
}
