import { Button, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import type { HeartbeatSettings } from "../api/heartbeat.ts";
import { usePatchSettings } from "../api/settings.ts";
import { useToast } from "../ui/toast.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { DAILY, PACES, quietWords, withChosen } from "./heartbeat-words.ts";
import { minutesText } from "./minutes.ts";

/** The longest text, in characters. */
const MOST = 4_000;

/** What it is told to look for, how often it looks, and when it may speak up. */
export function HeartbeatForm({ heartbeat }: { heartbeat: HeartbeatSettings }) {
  const [text, setText] = useState(heartbeat.text);
  const [minutes, setMinutes] = useState(heartbeat.minutes);
  const [quiet, setQuiet] = useState(heartbeat.quiet);
  const [daily, setDaily] = useState(heartbeat.daily);
  const [error, setError] = useState<string | null>(null);
  const save = usePatchSettings();
  const toast = useToast();
  const attempt = useAttempt();
  const { on: _, ...before } = heartbeat;
  const after = { text: text.trim(), minutes, quiet, daily };
  const touched =
    after.text !== before.text.trim() ||
    minutes !== before.minutes ||
    daily !== before.daily ||
    quiet.from !== before.quiet.from ||
    quiet.to !== before.quiet.to;
  const ready = touched && quiet.from !== "" && quiet.to !== "";

  const submit = () => {
    setError(null);
    const undo = () => void attempt(save.mutateAsync({ heartbeat: before }), () => "As it was before.");
    // The form is drawn anew with what was saved, so the answer is waited for apart from it.
    save.mutateAsync({ heartbeat: after }).then(
      () => toast("Saved.", { action: { label: "Undo", run: undo } }),
      (failure: unknown) => setError(sayError(failure)),
    );
  };

  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) submit();
      }}
    >
      <Textarea
        label="In your own words"
        description="Kept as HEARTBEAT.md: what to look at, and what is worth interrupting you for"
        placeholder="Tell me before a to-do falls due. Stay quiet otherwise."
        autosize
        minRows={4}
        maxRows={16}
        maxLength={MOST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className="two">
        <NativeSelect
          label="Looks at most every"
          data={withChosen(PACES, minutes).map((value) => ({ value: String(value), label: minutesText(value) }))}
          value={String(minutes)}
          onChange={(event) => setMinutes(Number(event.currentTarget.value))}
        />
        <NativeSelect
          label="Messages a day, at most"
          data={withChosen(DAILY, daily).map((value) => ({ value: String(value), label: value === 0 ? "none" : String(value) }))}
          value={String(daily)}
          onChange={(event) => setDaily(Number(event.currentTarget.value))}
        />
        <TextInput
          label="Quiet from"
          type="time"
          required
          withAsterisk={false}
          value={quiet.from}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setQuiet((known) => ({ ...known, from: value }));
          }}
        />
        <TextInput
          label="Quiet until"
          type="time"
          required
          withAsterisk={false}
          value={quiet.to}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setQuiet((known) => ({ ...known, to: value }));
          }}
        />
      </div>
      <p className="dim">{quietWords(quiet)}</p>
      {error !== null && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <div className="row end">
        <span className="dim">
          {text.length} of {MOST}
        </span>
        <Button type="submit" loading={save.isPending} disabled={!ready}>
          Save
        </Button>
      </div>
    </form>
  );
}
