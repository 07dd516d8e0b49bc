import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { EXPORT_PATH, useMemoryActions, useMemoryStatus, useQuietSwitch } from "../api/memory.ts";
import { useRereadChat } from "../chat/use-chat.ts";
import { clock, onDay } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";
import { forgottenWords } from "./memory-words.ts";

/** What must be typed before everything is forgotten. */
const TYPED = "forget everything";

/** Whether Margay remembers by itself; taking everything along; forgetting everything. */
export function MemoryCare() {
  const [asking, setAsking] = useState(false);
  const { forgetAll } = useMemoryActions();
  const toast = useToast();
  const reread = useRereadChat();
  const forgetEverything = () =>
    forgetAll.mutate(undefined, {
      onSuccess: (done) => {
        toast(forgottenWords(done, true));
        if (done.messages > 0) reread();
      },
      onError: (error) => toast(sayError(error), { tone: "error" }),
    });
  return (
    <div className="memory-care">
      <Section title="How Margay remembers">
        <QuietSwitch />
      </Section>
      <Section title="All of it" intro="The export is a JSON file with every memory, past ones too.">
        <div className="row">
          <Button
            component="a"
            href={EXPORT_PATH}
            download="margay-memory.json"
            variant="default"
            leftSection={<Icon name="download" size={17} />}
          >
            Export
          </Button>
          <Button variant="subtle" color="red" loading={forgetAll.isPending} onClick={() => setAsking(true)}>
            Forget everything…
          </Button>
        </div>
      </Section>
      {asking && (
        <ConfirmDialog
          title="Forget everything?"
          action="Forget everything"
          typed={TYPED}
          onConfirm={forgetEverything}
          onClose={() => setAsking(false)}
        >
          <p>
            Every memory is gone for good, past ones too, and the words that they were made from are taken out of the conversation.
            Documents under Knowledge stay. This cannot be undone; an export made before is the only copy.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

function QuietSwitch() {
  const status = useMemoryStatus();
  const flip = useQuietSwitch();
  const toast = useToast();
  const now = useNow();
  return (
    <QueryView query={status} lines={1}>
      {({ quiet, last_pass_at: last }) => (
        <Switch
          label="Remember by itself after conversations"
          description={
            quiet
              ? `Margay reads what you said for what is worth keeping.${last === null ? "" : ` Last ${onDay(now, last)} at ${clock(last)}.`}`
              : "Margay remembers only what you tell it to, and what you add here."
          }
          checked={quiet}
          onChange={(event) => void flip(event.currentTarget.checked).catch((error: unknown) => toast(sayError(error), { tone: "error" }))}
        />
      )}
    </QueryView>
  );
}
