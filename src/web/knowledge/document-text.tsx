import { Button, Loader } from "@mantine/core";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { sayError } from "../api/api-error.ts";
import { type DocumentView, useChunks } from "../api/knowledge.ts";
import { QueryView } from "../ui/query-view.tsx";
import { ChunkPiece } from "./chunk-piece.tsx";
import { useHoldPlace } from "./use-hold-place.ts";
import { useReached } from "./use-reached.ts";

/** How many pieces before the cited one are shown with it. */
const BEFORE = 4;

/** Where reading begins so that a place has something before it. */
export const firstPiece = (at: number | null): number => Math.max(0, (at ?? 0) - BEFORE);

/** The text of a document, around a place of it; more comes while one scrolls, up and down. `at` null: from the beginning. */
export function DocumentText({ document, at }: { document: DocumentView; at: number | null }) {
  const query = useChunks(document.id, firstPiece(at));
  const content = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const hold = useHoldPlace(content, ".chunk");
  const pages = query.data?.pages;
  const loaded = pages !== undefined;

  // The cited passage is what one came for: it is in the middle, or at the top where it is too long for that.
  useLayoutEffect(() => {
    if (!loaded || at === null) return;
    const cited = content.current?.querySelector<HTMLElement>("[data-cited]");
    if (!cited) return;
    cited.scrollIntoView({ block: cited.offsetHeight > window.innerHeight * 0.6 ? "start" : "center" });
    cited.focus({ preventScroll: true });
  }, [loaded, at]);

  useReached(top, query.hasPreviousPage && !query.isFetchPreviousPageError, pages?.length, () => {
    hold();
    void query.fetchPreviousPage();
  });
  useReached(end, query.hasNextPage && !query.isFetchNextPageError, pages?.length, () => void query.fetchNextPage());

  return (
    <QueryView query={query}>
      {(data) => {
        const chunks = data.pages.flatMap((page) => page.chunks);
        const paged = (document.pages ?? 1) > 1;
        if (chunks.length === 0) return <p className="nothing">There is no text in it.</p>;
        return (
          <div className="chunks" ref={content}>
            {query.hasPreviousPage && (
              <Edge box={top} failed={query.isFetchPreviousPageError ? query.error : null} onAgain={() => void query.fetchPreviousPage()} />
            )}
            {chunks.map((chunk, index) => {
              const before = chunks[index - 1];
              return (
                <ChunkPiece
                  key={chunk.position}
                  chunk={chunk}
                  type={document.type}
                  first={before === undefined}
                  page={paged && chunk.page !== before?.page ? chunk.page : null}
                  cited={chunk.position === at}
                />
              );
            })}
            {query.hasNextPage ? (
              <Edge box={end} failed={query.isFetchNextPageError ? query.error : null} onAgain={() => void query.fetchNextPage()} />
            ) : (
              <p className="chunks-end">End of the document</p>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}

/** Where more text is on its way, or could not be had. */
function Edge({ box, failed, onAgain }: { box: RefObject<HTMLDivElement | null>; failed: unknown; onAgain: () => void }) {
  return (
    <div className="older" ref={box}>
      {failed === null ? (
        <Loader size="sm" aria-label="Loading more of the text" />
      ) : (
        <Button variant="default" size="xs" onClick={onAgain}>
          {sayError(failed)} Try again
        </Button>
      )}
    </div>
  );
}
