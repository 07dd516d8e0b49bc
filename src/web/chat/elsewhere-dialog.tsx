import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { MessagePage } from "../../agent/shapes.ts";
import { get, withQuery } from "../api/client.ts";
import { clock, dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";

/** Messages on both sides of the one that is shown. */
const AROUND = 21;

/** Shows a message that the conversation on the page does not reach, with what was said around it. */
export function ElsewhereDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const now = useNow();
  const query = useQuery({
    queryKey: ["around", id],
    queryFn: ({ signal }) => get<MessagePage>(withQuery("/api/v1/messages", { around: id, limit: AROUND }), signal),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="From an earlier conversation"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
      padding="md"
    >
      <QueryView query={query}>
        {({ messages }) =>
          messages.length === 0 ? (
            <p className="aside">That message is not there any more.</p>
          ) : (
            <ol className="results">
              {messages.map((message) => (
                <li key={message.id} className={message.id === id ? "found" : ""} ref={message.id === id ? show : undefined}>
                  <p className="result-head">
                    <b>{message.role === "user" ? "You" : "Margay"}</b>
                    <time dateTime={new Date(message.created_at).toISOString()}>
                      {dayName(now, message.created_at)}, {clock(message.created_at)}
                    </time>
                  </p>
                  <p className="said">{message.text}</p>
                </li>
              ))}
            </ol>
          )
        }
      </QueryView>
    </Modal>
  );
}

const show = (element: HTMLElement | null): void => element?.scrollIntoView({ block: "center" });
