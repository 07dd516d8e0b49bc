import { Button, Modal, NativeSelect, SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import {
  type ListenerMade,
  type ListenerPatch,
  type ListenerSource,
  type ListenerAction,
  type ListenerView,
  type ListenerWhen,
  useListenerActions,
} from "../api/listeners.ts";
import { ActionFields } from "../schedules/action-fields.tsx";
import { useSentAction } from "../plans/use-sent-action.ts";
import { wordsOf } from "../schedules/schedule-words.ts";
import { useToast } from "../ui/toast.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { GIVEN, KINDS, newScheme, type SourceKind, ACTIONS } from "./listener-words.ts";
import { SourceFields } from "./source-fields.tsx";
import { conditionsOf, typedCondition } from "./typed-conditions.ts";

interface Props {
  /** What is changed; null: a new one is made. */
  listener: ListenerView | null;
  kind: SourceKind;
  /** null: one was changed. */
  onMade: (made: ListenerMade | null) => void;
  onClose: () => void;
}

const begun = (kind: SourceKind): ListenerSource => {
  if (kind === "mail") return { kind };
  if (kind === "file") return { kind, folder: "/uploads" };
  if (kind === "feed") return { kind, url: "", minutes: 60 };
  return kind === "page" ? { kind, url: "", minutes: 60, contains: null } : { kind: "hook", scheme: newScheme("github") };
};

/** Makes or changes a listener: where it happens, what counts, what then. Rendered while it is open. */
export function ListenerDialog({ listener, kind, onMade, onClose }: Props) {
  const [source, setSource] = useState<ListenerSource>(listener?.source ?? begun(kind));
  const [action, setAction] = useState<ListenerAction>(listener?.action ?? { kind: "prompt", prompt: "", tier: null });
  const [title, setTitle] = useState(listener?.title ?? "");
  const [match, setMatch] = useState<ListenerWhen["match"]>(listener?.when.match ?? "all");
  const [rows, setRows] = useState(() => (listener?.when.fields ?? []).map(typedCondition));
  const [question, setQuestion] = useState(listener?.when.question ?? "");
  const [hourly, setHourly] = useState(listener?.per_hour ?? 20);
  const [batch, setBatch] = useState(listener?.batch_seconds ?? 30);
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { add, change } = useListenerActions();
  const toast = useToast();
  const placed =
    source.kind === "mail" ||
    (source.kind === "file"
      ? source.folder.trim() !== ""
      : source.kind === "hook"
        ? source.scheme.name !== "hmac" || source.scheme.header !== ""
        : source.url.trim() !== "");
  const sent = useSentAction(action, GIVEN);
  const ready = placed && wordsOf(action).trim() !== "";

  const save = async () => {
    setError(sent.unfilled);
    if (sent.unfilled !== null) return;
    setSaving(true);
    const when = { match, fields: conditionsOf(rows), question: question.trim() === "" ? null : question.trim() };
    const fields = { source, when, action: sent.action, per_hour: hourly, batch_seconds: batch };
    const named = title.trim() === "" || title.trim() === listener?.title ? {} : { title: title.trim() };
    try {
      if (listener) {
        const touched = { ...touchedOf(listener, fields), ...named };
        if (Object.keys(touched).length > 0) await change.mutateAsync({ id: listener.id, fields: touched });
        toast("Saved.");
        onMade(null);
      } else {
        const made = await add.mutateAsync({ ...fields, ...named });
        toast(`Listens: ${made.listener.title}`);
        onMade(made);
      }
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={600}
      title={listener ? `Listener ${listener.number}` : "New listener"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !saving) void save();
        }}
      >
        {listener === null && (
          <SegmentedControl
            fullWidth
            aria-label="Where it happens"
            value={source.kind}
            onChange={(value) => setSource(begun(KINDS.find((item) => item.kind === value)?.kind ?? "hook"))}
            data={KINDS.map((item) => ({ value: item.kind, label: item.name }))}
          />
        )}
        <SourceFields source={source} onChange={setSource} />
        <ActionFields action={action} actions={ACTIONS} given={GIVEN} onChange={setAction} />
        <ConditionFields match={match} rows={rows} question={question} onMatch={setMatch} onRows={setRows} onQuestion={setQuestion} />
        <TextInput
          label="Title"
          description="Empty: made from where it happens"
          maxLength={200}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <div className="two">
          <NativeSelect
            label="Several at once"
            description="What comes together is one occasion"
            data={choices(BATCHES, batch, batchWords)}
            value={String(batch)}
            onChange={(event) => setBatch(Number(event.currentTarget.value))}
          />
          <NativeSelect
            label="Acts at most"
            description="More is recorded, not acted on"
            data={choices(HOURLY, hourly, (value) => `${value} times an hour`)}
            value={String(hourly)}
            onChange={(event) => setHourly(Number(event.currentTarget.value))}
          />
        </div>
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} aria-disabled={!ready}>
            {listener ? "Save" : "Listen"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Only what was touched: words that are sent count as the user's own. */
function touchedOf(
  before: ListenerView,
  fields: Required<Pick<ListenerPatch, "source" | "when" | "action" | "per_hour" | "batch_seconds">>,
): ListenerPatch {
  const touched: ListenerPatch = {};
  if (JSON.stringify(fields.source) !== JSON.stringify(before.source)) touched.source = fields.source;
  if (JSON.stringify(fields.when) !== JSON.stringify(before.when)) touched.when = fields.when;
  if (JSON.stringify(fields.action) !== JSON.stringify(before.action)) touched.action = fields.action;
  if (fields.per_hour !== before.per_hour) touched.per_hour = fields.per_hour;
  if (fields.batch_seconds !== before.batch_seconds) touched.batch_seconds = fields.batch_seconds;
  return touched;
}

const BATCHES = [0, 30, 120, 600, 3600];
const HOURLY = [1, 5, 20, 60, 200, 1000];

function batchWords(seconds: number): string {
  if (seconds === 0) return "each by itself";
  if (seconds < 120) return `within ${seconds} seconds`;
  return seconds === 3600 ? "within an hour" : `within ${Math.round(seconds / 60)} minutes`;
}

const choices = (known: readonly number[], chosen: number, words: (value: number) => string) =>
  [...new Set([...known, chosen])].toSorted((a, b) => a - b).map((value) => ({ value: String(value), label: words(value) }));
