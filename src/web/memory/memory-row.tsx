import { ActionIcon, Loader, Menu, Tooltip } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type MemoryPatch, type MemoryView, useMemoryActions } from "../api/memory.ts";
import { onDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { useToast } from "../ui/toast.tsx";
import { MemoryFacts } from "./memory-facts.tsx";
import { MemoryForm } from "./memory-form.tsx";
import { isPast, KINDS, kindWords } from "./memory-words.ts";
import { ReplacedBy } from "./replaced-by.tsx";

interface Props {
  memory: MemoryView;
  /** Where kinds are mixed, each row says its own. */
  withKind?: boolean;
  /** It is the one that was asked for. */
  found?: boolean;
  /** It is being forgotten. */
  busy: boolean;
  onForget: (memory: MemoryView) => void;
}

/** One memory: read it, change it, pin it, forget it. What is past can be read and forgotten. */
export function MemoryRow({ memory, withKind = false, found = false, busy, onForget }: Props) {
  const [editing, setEditing] = useState(false);
  const { change } = useMemoryActions();
  const toast = useToast();
  const now = useNow();
  const past = isPast(now, memory);

  const save = async (fields: MemoryPatch, done: string) => {
    const saved = await change.mutateAsync({ id: memory.id, fields });
    const back: MemoryPatch = { text: memory.text, kind: memory.kind, expires_at: memory.expires_at };
    toast(done, { action: { label: "Undo", run: () => change.mutate({ id: saved.id, fields: back }) } });
  };
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => toast(sayError(error), { tone: "error" }));

  const pin = () => void attempt(change.mutateAsync({ id: memory.id, fields: { pinned: !memory.pinned } }));

  if (editing) {
    return (
      <li className="memory">
        <MemoryForm
          memory={memory}
          onSave={(fields) => save(fields, fields.text === undefined ? "Saved." : "Saved. The old text is kept under Past.")}
          onClose={() => setEditing(false)}
        />
      </li>
    );
  }
  return (
    <li className="memory" data-past={past || undefined} data-found={found || undefined} aria-busy={busy}>
      <div className="memory-body">
        {past ? (
          <p className="memory-text">{memory.text}</p>
        ) : (
          <button type="button" className="memory-text" aria-label={`Change: ${memory.text}`} onClick={() => setEditing(true)}>
            {memory.text}
          </button>
        )}
        <MemoryFacts memory={memory} withKind={withKind} />
        {memory.superseded_by !== null && <ReplacedBy id={memory.superseded_by} at={memory.superseded_at} />}
        {memory.superseded_at !== null && memory.superseded_by === null && (
          <p className="memory-next">Does not hold any more since {onDay(now, memory.superseded_at).replace(/^on /u, "")}</p>
        )}
      </div>
      {busy ? (
        <span className="memory-busy">
          <Loader size={18} aria-label="Forgetting" />
        </span>
      ) : (
        <div className="memory-actions">
          {!past && (
            <Tooltip label={memory.pinned ? "Unpin" : "Pin: keep it in mind always"} openDelay={400}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={40}
                className="memory-pin"
                aria-label={`${memory.pinned ? "Unpin" : "Pin"}: ${memory.text}`}
                aria-pressed={memory.pinned}
                onClick={pin}
              >
                <Icon name="pin" size={18} />
              </ActionIcon>
            </Tooltip>
          )}
          <MoreMenu name={memory.text} width={220}>
            {!past && (
              <>
                <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => setEditing(true)}>
                  Change
                </Menu.Item>
                <Menu.Item leftSection={<Icon name="pin" size={16} />} onClick={pin}>
                  {memory.pinned ? "Unpin" : "Pin"}
                </Menu.Item>
                <Menu.Label>Keep it as</Menu.Label>
                {KINDS.filter(({ kind }) => kind !== memory.kind && kind !== "ephemeral").map(({ kind, one }) => (
                  <Menu.Item
                    key={kind}
                    onClick={() => void attempt(save({ kind, expires_at: null }, `Kept as: ${kindWords(kind).one.toLowerCase()}.`))}
                  >
                    {one}
                  </Menu.Item>
                ))}
                <Menu.Divider />
              </>
            )}
            <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => onForget(memory)}>
              Forget…
            </Menu.Item>
          </MoreMenu>
        </div>
      )}
    </li>
  );
}
