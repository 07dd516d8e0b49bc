import { Button, Modal, Textarea } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ListenerView, useListenerActions } from "../api/listeners.ts";
import { TestReport } from "./test-report.tsx";

/** Tries a listener out with a sample or an event of one's own; nothing is done unless that is asked for. Rendered while it is open. */
export function TestDialog({ listener, onClose }: { listener: ListenerView; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | null>(null);
  const { test } = useListenerActions();

  const run = (dry: boolean) => {
    setError(null);
    let payload: unknown;
    if (typed.trim() !== "") {
      try {
        payload = JSON.parse(typed);
      } catch {
        setError("This is not JSON.");
        return;
      }
    }
    test.mutate({ id: listener.id, input: { dry_run: dry, ...(payload === undefined ? {} : { payload: payload as never }) } });
  };

  return (
    <Modal opened onClose={onClose} size={600} title={`Try out: ${listener.title}`} closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          run(true);
        }}
      >
        <Textarea
          label="What would come"
          description="As JSON. Empty: a sample"
          autosize
          minRows={2}
          maxRows={10}
          spellCheck={false}
          className="mono"
          value={typed}
          error={error}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setError(null);
          }}
        />
        {test.isError && (
          <p className="error" role="alert">
            {sayError(test.error)}
          </p>
        )}
        <div role="status">{test.data && <TestReport result={test.data} />}</div>
        <div className="row end">
          {test.data && !test.data.done && test.data.would === "fire" && (
            <Button variant="default" disabled={test.isPending} onClick={() => run(false)}>
              Do it really
            </Button>
          )}
          <Button type="submit" loading={test.isPending}>
            Try it
          </Button>
        </div>
      </form>
    </Modal>
  );
}
