import type { TurnFailure } from "./chat-state.ts";
import { ErrorNote } from "./error-note.tsx";

/** How a turn ended that left no answer. */
export function FailureNote({ failure, onAgain }: { failure: TurnFailure; onAgain: (() => void) | null }) {
  if (failure.status === "cancelled") return <p className="aside">Stopped.</p>;
  return <ErrorNote code={failure.code} message={failure.message} onAgain={onAgain} />;
}
