import { Button } from "@mantine/core";
import { type UndoableView, useUndo } from "../api/undo.ts";
import { Icon } from "./icons.tsx";
import { useAttempt } from "./use-attempt.ts";

/** Takes one change of the agent's back, and says what came of it. */
export function UndoButton({ change }: { change: UndoableView }) {
  const undo = useUndo();
  const attempt = useAttempt();
  return (
    <Button
      variant="default"
      size="compact-sm"
      className="undo"
      leftSection={<Icon name="undo" size={14} />}
      aria-label={`Undo: ${change.summary}`}
      loading={undo.isPending}
      onClick={() => void attempt(undo.mutateAsync(change.id), ({ result }) => `Taken back: ${result}`)}
    >
      Undo
    </Button>
  );
}
