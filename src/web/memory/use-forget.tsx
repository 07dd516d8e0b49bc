import { type ReactNode, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type MemoryView, useMemoryActions } from "../api/memory.ts";
import { useRereadChat } from "../chat/use-chat.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { forgottenWords } from "./memory-words.ts";

/** Forgetting one memory after asking. `dialog` is to be drawn; `afterwards` gives the focus a place that stays. */
export function useForget(afterwards: () => void): { ask: (memory: MemoryView) => void; busy: string | null; dialog: ReactNode } {
  const [asked, setAsked] = useState<MemoryView | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const { forget } = useMemoryActions();
  const toast = useToast();
  const reread = useRereadChat();

  const run = async (memory: MemoryView) => {
    setBusy(memory.id);
    try {
      const done = await forget.mutateAsync(memory.id);
      toast(forgottenWords(done, false));
      if (done !== null && done.messages > 0) reread();
      afterwards();
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
    setBusy(null);
  };

  const dialog = asked && (
    <ConfirmDialog title="Forget this?" action="Forget" onConfirm={() => void run(asked)} onClose={() => setAsked(null)}>
      <blockquote className="memory-quote plain">{asked.text}</blockquote>
      <p>
        It is gone for good, with what it said before. The words it was made from are also taken out of the conversation. This cannot be
        undone.
      </p>
    </ConfirmDialog>
  );
  return { ask: setAsked, busy, dialog };
}
