import { useId, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ListenerMade, type ListenerView, useListenerActions } from "../api/listeners.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { useToast } from "../ui/toast.tsx";
import { FiringLog } from "./firing-log.tsx";
import { ListenerFacts } from "./listener-facts.tsx";
import { ListenerMenu } from "./listener-menu.tsx";
import { TestDialog } from "./test-dialog.tsx";

interface Props {
  listener: ListenerView;
  onChange: () => void;
  /** Shows what is to be entered at the service. */
  onSetup: (made: ListenerMade) => void;
  /** The row is going: the focus needs a place that stays. */
  onDeleted: () => void;
}

/** One listener: what it waits for, what it does then, what came, and what can be done with it. */
export function ListenerRow({ listener, onChange, onSetup, onDeleted }: Props) {
  const [open, setOpen] = useState<"test" | "rotate" | "delete" | null>(null);
  const [log, setLog] = useState(false);
  const { change, remove, rotate } = useListenerActions();
  const toast = useToast();
  const logId = useId();
  const { id, number, title, status, events } = listener;
  const close = () => setOpen(null);
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
  };

  const set = (to: "active" | "paused") =>
    attempt(async () => {
      await change.mutateAsync({ id, fields: { status: to } });
      const back = () => void attempt(async () => void (await change.mutateAsync({ id, fields: { status } })));
      toast(to === "paused" ? `Paused: ${title}` : `Goes on: ${title}`, { action: { label: "Undo", run: back } });
    });
  const destroy = () =>
    attempt(async () => {
      await remove.mutateAsync(id);
      toast(`Deleted: ${title}`);
      onDeleted();
    });
  const renew = () => attempt(async () => onSetup(await rotate.mutateAsync({ id, secret: null })));

  return (
    <li className="auto" data-quiet={status === "paused" || undefined}>
      <span className="auto-number" title={`Listener ${number}`}>
        <span className="sr">Number </span>
        {number}
      </span>
      <div className="auto-body">
        <button type="button" className="auto-title" aria-label={`Change: ${title}`} onClick={onChange}>
          {title}
        </button>
        <ListenerFacts listener={listener} onSetup={() => onSetup({ listener, secret: null })} />
        {events > 0 && (
          <button type="button" className="auto-more" aria-expanded={log} aria-controls={logId} onClick={() => setLog(!log)}>
            {log ? "Hide what came" : "Show what came"}
            <span className="sr">: {title}</span>
            <Icon name="down" size={14} />
          </button>
        )}
        <div id={logId}>{log && <FiringLog id={id} title={title} />}</div>
      </div>
      <ListenerMenu
        listener={listener}
        busy={change.isPending || remove.isPending || rotate.isPending}
        onChange={onChange}
        onSet={(to) => void set(to)}
        onTest={() => setOpen("test")}
        onSetup={() => onSetup({ listener, secret: null })}
        onRotate={() => setOpen("rotate")}
        onDelete={() => setOpen("delete")}
      />
      {open === "test" && <TestDialog listener={listener} onClose={close} />}
      {open === "rotate" && (
        <ConfirmDialog title="Make a new secret?" action="Make it" onConfirm={() => void renew()} onClose={close}>
          <p>It is shown once. The one before is taken for 24 hours more: enter the new one at the service until then.</p>
        </ConfirmDialog>
      )}
      {open === "delete" && (
        <ConfirmDialog title="Delete this listener?" action="Delete" onConfirm={() => void destroy()} onClose={close}>
          <p>
            <b className="name">{title}</b> goes with its address, its secret and its log. This cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </li>
  );
}
