import { ActionIcon, Tooltip } from "@mantine/core";
import { type KeyboardEvent, type RefObject, useRef } from "react";
import { MAX_TEXT } from "../../channels/message.ts";
import { Icon } from "../ui/icons.tsx";
import { AttachmentChips } from "./attachment-chips.tsx";
import { COMMAND_LIST, CommandMenu, optionId } from "./command-menu.tsx";
import type { useAttachments } from "./use-attachments.ts";
import { useCompletion } from "./use-completion.ts";
import type { useDraft } from "./use-draft.ts";

interface Props {
  field: RefObject<HTMLTextAreaElement | null>;
  draft: ReturnType<typeof useDraft>;
  attachments: ReturnType<typeof useAttachments>;
  busy: boolean;
  /** Sending was asked for and waits for the upload of a file. */
  waiting: boolean;
  onSend: () => void;
  onStop: () => void;
  /** Arrow up in an empty field: the last message is to be changed. */
  onEditLast: () => void;
}

/** Where messages are written. Enter sends, Shift+Enter makes a line; while an input method composes, neither does. */
export function Composer({ field, draft, attachments, busy, waiting, onSend, onStop, onEditLast }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const completion = useCompletion(draft.text, draft.caret, draft.apply);
  const marked = completion.options[completion.index];
  const ready = (draft.text.trim() !== "" || attachments.items.length > 0) && !attachments.failed && draft.text.length <= MAX_TEXT;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // 229 is what browsers report for keys that an input method took.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && completion.onKey(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      if (ready) onSend();
    } else if (event.key === "ArrowUp" && plain && draft.text === "") {
      event.preventDefault();
      onEditLast();
    }
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSend();
      }}
    >
      <CommandMenu completion={completion} />
      <AttachmentChips items={attachments.items} onRemove={attachments.remove} onRetry={attachments.retry} />
      <div className="composer-row">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Choose files"
          onChange={(event) => {
            attachments.add(event.currentTarget.files ?? []);
            event.currentTarget.value = "";
          }}
        />
        <Tooltip label="Attach files" openDelay={400}>
          <ActionIcon variant="subtle" color="gray" size={40} radius="xl" aria-label="Attach files" onClick={() => picker.current?.click()}>
            <Icon name="attach" />
          </ActionIcon>
        </Tooltip>
        <textarea
          ref={field}
          id="message"
          rows={1}
          aria-label="Message"
          placeholder="Message Margay"
          enterKeyHint="send"
          autoComplete="off"
          role="combobox"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-expanded={completion.options.length > 0}
          aria-controls={completion.options.length > 0 ? COMMAND_LIST : undefined}
          aria-activedescendant={marked ? optionId(marked.name) : undefined}
          value={draft.text}
          onChange={(event) => {
            draft.setText(event.currentTarget.value);
            draft.setCaret(event.currentTarget.selectionStart);
            completion.setIndex(0);
          }}
          onSelect={(event) => draft.setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (event.clipboardData.files.length === 0) return;
            event.preventDefault();
            attachments.add(event.clipboardData.files);
          }}
        />
        {busy && (
          <Tooltip label="Stop (Esc)" openDelay={400}>
            <ActionIcon variant="default" size={40} radius="xl" aria-label="Stop" onClick={onStop}>
              <Icon name="stop" />
            </ActionIcon>
          </Tooltip>
        )}
        {(!busy || ready) && (
          <ActionIcon
            type="submit"
            variant="filled"
            size={40}
            radius="xl"
            aria-label="Send"
            aria-disabled={!ready}
            data-ready={ready || undefined}
          >
            <Icon name="send" />
          </ActionIcon>
        )}
      </div>
      {attachments.failed && (
        <p className="composer-note" role="alert">
          A file was not uploaded. Try it again or remove it, then send.
        </p>
      )}
      <p className="sr-note" role="status">
        {waiting ? "Your message is sent as soon as the upload is done." : ""}
      </p>
      {draft.text.length > MAX_TEXT && (
        <p className="composer-note" role="alert">
          This message is too long: {draft.text.length.toLocaleString()} of {MAX_TEXT.toLocaleString()} characters. Attach it as a file
          instead.
        </p>
      )}
    </form>
  );
}
