import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import type { Me } from "../api/me.ts";
import { useShortcut } from "../lib/use-shortcut.ts";
import { useToast } from "../ui/toast.tsx";
import { isBusy } from "./chat-state.ts";
import { Composer } from "./composer.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { ElsewhereDialog } from "./elsewhere-dialog.tsx";
import { MessageList } from "./message-list.tsx";
import { SearchDialog } from "./search-dialog.tsx";
import { useAttachments } from "./use-attachments.ts";
import { useChat } from "./use-chat.ts";
import { useDraft } from "./use-draft.ts";

interface Props {
  me: Me;
  searching: boolean;
  onSearch: (open: boolean) => void;
}

/** The conversation: what was said, and where to say more. */
export function ChatPage({ me, searching, onSearch }: Props) {
  const { session, state } = useChat();
  const toast = useToast();
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useDraft(me.id, field);
  const attachments = useAttachments();
  const [dragging, setDragging] = useState(false);
  const [elsewhere, setElsewhere] = useState<string | null>(null);
  const busy = isBusy(state);

  const [waiting, setWaiting] = useState(false);

  const send = () => {
    if (attachments.uploading) {
      setWaiting(true);
      return;
    }
    session.say(
      draft.text.trim() === "" ? "" : draft.text,
      attachments.items.flatMap((item) => (item.ref === null ? [] : [item.ref])),
    );
    draft.clear();
    attachments.clear();
    field.current?.focus();
  };

  const sendNow = useEffectEvent(send);
  useEffect(() => {
    if (!waiting || attachments.uploading) return;
    setWaiting(false);
    if (!attachments.failed) sendNow();
  }, [waiting, attachments.uploading, attachments.failed]);

  const suggest = useCallback(
    (text: string) => {
      session.say(text);
      field.current?.focus();
    },
    [session],
  );

  const open = async (id: string) => {
    onSearch(false);
    try {
      if (!(await session.loadUntil(id))) throw new Error("too far back");
    } catch {
      // Of an imported conversation, or far back: shown by itself.
      setElsewhere(id);
      return;
    }
    requestAnimationFrame(() => {
      const element = document.querySelector<HTMLElement>(`#message-${CSS.escape(id)}`);
      if (!element) {
        toast("That message was replaced by a later edit.", { tone: "error" });
        return;
      }
      element.scrollIntoView({ block: "center" });
      element.focus({ preventScroll: true });
      element.classList.add("found");
      window.setTimeout(() => element.classList.remove("found"), 2500);
    });
  };

  // A link from elsewhere leads to a message; afterwards the address is the conversation's again.
  const [params, setParams] = useSearchParams();
  const linked = params.get("message");
  const openLinked = useEffectEvent((id: string) => {
    setParams({}, { replace: true });
    void open(id);
  });
  useEffect(() => {
    if (linked !== null) openLinked(linked);
  }, [linked]);

  const editLast = () => {
    // What is on its way cannot be changed yet, and the message before it is not meant.
    if (state.pending.length > 0) return;
    const buttons = document.querySelectorAll<HTMLButtonElement>("[data-edit]");
    buttons.item(buttons.length - 1)?.click();
  };

  useShortcut("Escape", () => busy && session.cancel());
  useEffect(() => {
    // On a phone the keyboard would cover the conversation that one came to read.
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus();
  }, []);

  return (
    <div
      className="chat"
      data-dragging={dragging || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        attachments.add(event.dataTransfer.files);
      }}
    >
      <h1 className="sr">Conversation</h1>
      <ConnectionBanner />
      <MessageList onSuggest={suggest} />
      <Composer
        field={field}
        draft={draft}
        attachments={attachments}
        busy={busy}
        waiting={waiting}
        onSend={send}
        onStop={() => session.cancel()}
        onEditLast={editLast}
      />
      {elsewhere !== null && <ElsewhereDialog id={elsewhere} onClose={() => setElsewhere(null)} />}
      {searching && <SearchDialog onClose={() => onSearch(false)} onOpen={(message) => void open(message.id)} />}
    </div>
  );
}
