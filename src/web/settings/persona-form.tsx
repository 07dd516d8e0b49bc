import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { usePatchSettings, useSettings } from "../api/settings.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";
import { useAttempt } from "../ui/use-attempt.ts";

/** The longest persona, in characters. */
const MOST = 4_000;

/** What the agent is told about how to be. */
export function PersonaForm() {
  const settings = useSettings();
  return <QueryView query={settings}>{({ persona }) => <Form key={persona} persona={persona} />}</QueryView>;
}

function Form({ persona }: { persona: string }) {
  const [text, setText] = useState(persona);
  const save = usePatchSettings();
  const toast = useToast();
  const attempt = useAttempt();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const undo = () => void attempt(save.mutateAsync({ persona }), () => "As it was before.");
        // The form is drawn anew with what was saved, so the answer is waited for apart from it.
        save.mutateAsync({ persona: text.trim() }).then(
          () => toast("Saved.", { action: { label: "Undo", run: undo } }),
          (error: unknown) => toast(sayError(error), { tone: "error" }),
        );
      }}
    >
      <Textarea
        aria-label="How Margay should be"
        placeholder="Be brief. Call me Ada. I work nights, so never suggest mornings."
        autosize
        minRows={3}
        maxRows={14}
        maxLength={MOST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="row end">
        <span className="dim">
          {text.length} of {MOST}
        </span>
        <Button type="submit" loading={save.isPending} disabled={text.trim() === persona}>
          Save
        </Button>
      </div>
    </form>
  );
}
