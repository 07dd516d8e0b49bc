import { Link } from "wouter";
import { useDocuments, useKnowledgeSearch } from "../api/knowledge.ts";
import { excerpt } from "../chat/excerpt.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { hitPlace, withoutHeadings } from "./document-words.ts";

/** What was found: documents by their name, then passages by what they say. Each opens its place. */
export function SearchResults({ search, collection }: { search: string; collection: string | null }) {
  const hits = useKnowledgeSearch(search, collection);
  const named = useDocuments({ collection, search }).data?.pages[0]?.documents.slice(0, 5) ?? [];
  return (
    <div className="found-places">
      {named.length > 0 && (
        <section aria-label="By name">
          <h2 className="group">By name</h2>
          <ul className="places">
            {named.map(({ id, name }) => (
              <li key={id}>
                <Link href={`/knowledge/${id}`}>
                  <span className="place-from">
                    <Icon name="file" size={16} /> <Marked text={name} search={search} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label="Passages">
        <h2 className="group">Passages</h2>
        <QueryView query={hits}>
          {(list) =>
            list.length === 0 ? (
              <p className="nothing">Nothing in your documents fits “{search}”.</p>
            ) : (
              <>
                <p className="sr" role="status">
                  {list.length} found
                </p>
                <ul className="places">
                  {list.map((hit) => (
                    <li key={hit.id}>
                      <Link href={hitPlace(hit) ?? "/knowledge"}>
                        <span className="place-from">{hit.from}</span>
                        <span className="place-text">
                          <Marked text={withoutHeadings(hit.text).body || hit.text} search={search} />
                        </span>
                      </Link>
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        </QueryView>
      </section>
    </div>
  );
}

function Marked({ text, search }: { text: string; search: string }) {
  return excerpt(text, search).map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text));
}
