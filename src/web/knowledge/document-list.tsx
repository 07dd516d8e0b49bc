import { Button } from "@mantine/core";
import { type CollectionView, useDocuments } from "../api/knowledge.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { DocumentRow } from "./document-row.tsx";

interface Props {
  collection: string | null;
  collections: CollectionView[];
  onDeleted: () => void;
}

/** The documents, of a collection or all. */
export function DocumentList({ collection, collections, onDeleted }: Props) {
  const query = useDocuments({ collection });
  const nameOf = (id: string | null) =>
    collection !== null || id === null ? null : (collections.find((item) => item.id === id)?.name ?? null);
  return (
    <QueryView query={query}>
      {({ pages }) => {
        const list = pages.flatMap((page) => page.documents);
        if (list.length === 0)
          return collection === null ? <Nothing /> : <p className="nothing">Nothing is in here yet. Upload something, or move it here.</p>;
        return (
          <>
            <ul className="docs" aria-label="Documents">
              {list.map((document) => (
                <DocumentRow key={document.id} document={document} collection={nameOf(document.collection_id)} onDeleted={onDeleted} />
              ))}
            </ul>
            {query.hasNextPage && (
              <div className="row more">
                <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        );
      }}
    </QueryView>
  );
}

function Nothing() {
  return (
    <div className="empty-page empty-drop">
      <Icon name="book" size={36} />
      <h2>No documents yet</h2>
      <p>Give Margay a handbook, a contract, notes, anything with words. Ask about it in the chat, and answers say where they are from.</p>
    </div>
  );
}
