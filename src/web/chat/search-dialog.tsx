import { Loader, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { MessagePage } from "../../agent/shapes.ts";
import type { MessageView } from "../../channels/events.ts";
import { sayError } from "../api/api-error.ts";
import { request } from "../api/client.ts";
import { clock, dayName } from "../lib/time.ts";
import { Icon } from "../ui/icons.tsx";
import { excerpt } from "./excerpt.ts";
import { useNow } from "../lib/use-now.ts";

/** Searches the whole conversation, older ones too. `onOpen` shows the message that was chosen. */
export function SearchDialog({ onClose, onOpen }: { onClose: () => void; onOpen: (message: MessageView) => void }) {
  const now = useNow();
  const [text, setText] = useState("");
  const [words] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({
    queryKey: ["search", words],
    enabled: words !== "",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => request<MessagePage>("POST", "/api/v1/messages/search", { search: words, limit: 50 }, { signal }),
  });
  const results = words === "" ? [] : (found.data?.messages ?? []).toReversed();
  return (
    <Modal opened onClose={onClose} title="Search messages" size="lg" closeButtonProps={{ "aria-label": "Close" }} padding="md">
      <TextInput
        aria-label="Search messages"
        placeholder="Words from a message"
        data-autofocus
        type="search"
        leftSection={<Icon name="search" size={18} />}
        rightSection={found.isFetching ? <Loader size={16} /> : null}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p className="sr" role="status">
        {words !== "" && !found.isFetching ? `${results.length} found` : ""}
      </p>
      {found.isError && <p className="aside">{sayError(found.error)}</p>}
      {words !== "" && found.isSuccess && results.length === 0 && <p className="aside">Nothing found for “{words}”.</p>}
      <ul className="results">
        {results.map((message) => (
          <li key={message.id}>
            <button type="button" onClick={() => onOpen(message)}>
              <span className="result-head">
                <b>{message.role === "user" ? "You" : "Margay"}</b>
                <time dateTime={new Date(message.created_at).toISOString()}>
                  {dayName(now, message.created_at)}, {clock(message.created_at)}
                </time>
              </span>
              <span>
                {excerpt(message.text, words).map((part, index) => (part.hit ? <mark key={index}>{part.text}</mark> : part.text))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
