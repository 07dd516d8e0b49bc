import { Drawer } from "@mantine/core";
import type { MessageView } from "../../channels/events.ts";
import { ApiError } from "../api/api-error.ts";
import { useContextOf } from "../api/context.ts";
import { UsageFacts } from "../chat/usage-facts.tsx";
import { whole } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { ContextPartView } from "./context-part-view.tsx";
import { orderedParts } from "./context-words.ts";

/** Beside the conversation: what one answer was made from, why each of it was there, and what it cost. */
export default function ContextPanel({ message, onClose }: { message: MessageView; onClose: () => void }) {
  const query = useContextOf(message.id);
  const missing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(440px, 100vw)"
      padding="lg"
      title="What this answer was made from"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="context">
        {missing ? (
          <p className="dim">Not recorded for this answer. It is recorded for answers of a model, as long as they are recent.</p>
        ) : (
          <QueryView query={query}>
            {({ tokens, parts, tainted }) => (
              <>
                <p className="context-total">About {whole(tokens)} tokens were read before the first word was written.</p>
                {tainted && (
                  <p className="note">
                    <Icon name="warn" size={18} />
                    <span>Some of it is text from elsewhere that nobody vouches for. Margay asks more often while that is so.</span>
                  </p>
                )}
                {orderedParts(parts).map((part) => (
                  <ContextPartView key={part.part} part={part} total={tokens} onLeave={onClose} />
                ))}
              </>
            )}
          </QueryView>
        )}
        <section className="context-part" aria-label="What it took">
          <h3>What it took</h3>
          <UsageFacts message={message} />
        </section>
      </div>
    </Drawer>
  );
}
