import { Button, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { Icon } from "../ui/icons.tsx";
import { isWaiting } from "./approval-state.ts";
import { Conversation } from "./conversation.tsx";
import { EmptyState } from "./empty-state.tsx";
import { useChat } from "./use-chat.ts";
import { useStickToBottom } from "./use-stick-to-bottom.ts";

/** The scrolled conversation: loads older pages at its top, follows new text at its end unless the reader went elsewhere. */
export function MessageList({ onSuggest }: { onSuggest: (text: string) => void }) {
  const { session, state } = useChat();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<string | null>(null);
  const { atEnd, toEnd, holdPlace } = useStickToBottom(box, content);
  const lastSent = state.pending.at(-1)?.frame.id;
  const more = state.nextBefore !== null;
  const nothingSaid = state.messages.length === 0 && state.pending.length === 0 && state.turns.length === 0;
  const empty = state.loaded && nothingSaid && !state.approvals.some(isWaiting);

  // What one sends oneself is always shown.
  useEffect(() => {
    if (lastSent !== undefined) toEnd();
  }, [lastSent, toEnd]);

  useEffect(() => {
    const sentinel = top.current;
    if (!more || !sentinel || error !== null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        holdPlace();
        session.loadOlder().catch((failure: unknown) => setError(sayError(failure)));
      },
      { root: box.current, rootMargin: "300px 0px 0px 0px" },
    );
    observer.observe(sentinel);
    return () => observer.disconnect();
    // A page that came changes the cursor, and the sentinel is looked at anew.
  }, [more, state.nextBefore, error, session, holdPlace]);

  return (
    <div className="list-frame">
      <div className="list" ref={box} role="region" aria-label="Conversation" aria-busy={!state.loaded} tabIndex={0}>
        <div className="column" ref={content}>
          {more && (
            <div className="older" ref={top}>
              {error === null ? (
                <Loader size="sm" aria-label="Loading older messages" />
              ) : (
                <Button variant="default" size="xs" onClick={() => setError(null)}>
                  {error} Try again
                </Button>
              )}
            </div>
          )}
          {!state.loaded && state.messages.length === 0 && <FirstLoad />}
          {empty ? <EmptyState onSuggest={onSuggest} /> : <Conversation />}
        </div>
      </div>
      {!atEnd && (
        <button type="button" className="jump" onClick={() => toEnd(true)}>
          <Icon name="arrowDown" size={18} />
          Latest
        </button>
      )}
    </div>
  );
}

/** Waiting for the first page of history; after a while, with a way to try again. */
function FirstLoad() {
  const { session } = useChat();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    session.refresh().catch(() => setSlow(true));
    const timer = window.setTimeout(() => setSlow(true), 6000);
    return () => window.clearTimeout(timer);
  }, [session]);
  return (
    <div className="older" aria-busy="true">
      {slow ? (
        <Button variant="default" size="xs" onClick={() => void session.refresh().catch(() => {})}>
          The conversation could not be loaded. Try again
        </Button>
      ) : (
        <Loader size="sm" aria-label="Loading the conversation" />
      )}
    </div>
  );
}
