import { Button, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import {
  type Missed,
  type ScheduleAction,
  type SchedulePatch,
  type ScheduleView,
  usePreview,
  useScheduleActions,
} from "../api/schedules.ts";
import { useSettings } from "../api/settings.ts";
import { browserTimeZone } from "../lib/time.ts";
import { useSentAction } from "../plans/use-sent-action.ts";
import { useToast } from "../ui/toast.tsx";
import { ActionFields } from "./action-fields.tsx";
import { MissedField } from "./missed-field.tsx";
import { type Example, typedWhen, withoutRest, wordsOf } from "./schedule-words.ts";
import { WhenPreview } from "./when-preview.tsx";
import { ZoneField } from "./zone-field.tsx";

interface Props {
  /** What is changed; null: a new one is made. */
  schedule: ScheduleView | null;
  /** What a new one begins with. */
  example: Example | null;
  onClose: () => void;
}

const BLANK: ScheduleAction = { kind: "text", text: "" };

const begun = ({ kind, text }: Example): ScheduleAction => {
  if (kind === "prompt") return { kind, prompt: text, tier: null };
  if (kind === "playbook") return { kind, playbook: text, variables: {} };
  return kind === "profile" ? { kind, profile: "research", input: text } : { kind, text };
};

/** Makes or changes a schedule: when, shown as it is understood while it is typed, and what then. Rendered while it is open. */
export function ScheduleDialog({ schedule, example, onClose }: Props) {
  const settings = useSettings();
  const mine = settings.data?.time_zone ?? browserTimeZone();
  const [whenBefore] = useState(() => (schedule ? typedWhen(schedule, schedule.time_zone ?? mine) : (example?.when ?? "")));
  const [when, setWhen] = useState(whenBefore);
  const [zone, setZone] = useState(schedule?.time_zone ?? null);
  const [action, setAction] = useState<ScheduleAction>(schedule?.action ?? (example ? begun(example) : BLANK));
  const [title, setTitle] = useState(schedule?.title ?? "");
  const [missed, setMissed] = useState<Missed>(schedule?.missed ?? "once");
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { add, change } = useScheduleActions();
  const toast = useToast();

  const typed = when.trim();
  // What was not touched is not understood anew: "in 20 minutes" was said of another moment.
  const touched = schedule === null || typed !== whenBefore || zone !== schedule.time_zone;
  const [asked] = useDebouncedValue(typed, 250);
  const preview = usePreview(touched ? asked : "", zone);
  const spec = touched ? (preview.data && "spec" in preview.data ? preview.data.spec : null) : (schedule?.spec ?? null);
  const sent = useSentAction(action);
  const ready = typed !== "" && wordsOf(action).trim() !== "";

  const save = async () => {
    setError(sent.unfilled);
    if (sent.unfilled !== null) return;
    setSaving(true);
    try {
      if (schedule) {
        const fields = changed(schedule, { when: typed, whenBefore, zone, action: sent.action, title: title.trim(), missed });
        if (Object.keys(fields).length > 0) await change.mutateAsync({ id: schedule.id, fields });
        toast("Saved.");
      } else {
        const made = await add.mutateAsync({
          when: typed,
          action: sent.action,
          missed,
          time_zone: zone,
          ...(title.trim() === "" ? {} : { title: title.trim() }),
        });
        toast(`Planned: ${made.described}.`);
      }
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={schedule ? `Schedule ${schedule.number}` : "New schedule"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !saving) void save();
        }}
      >
        <div>
          <TextInput
            label="When"
            description="In plain words, or as cron"
            placeholder="every weekday at 9"
            maxLength={300}
            autoComplete="off"
            data-autofocus
            value={when}
            onChange={(event) => {
              setWhen(event.currentTarget.value);
              setError(null);
            }}
          />
          <WhenPreview
            typed={typed}
            query={preview}
            waiting={asked !== typed}
            kept={touched ? null : schedule}
            onTry={setWhen}
            onRest={(rest) => {
              setWhen(withoutRest(typed, rest));
              setAction(withWords(action, rest));
            }}
          />
        </div>
        <ActionFields action={action} onChange={setAction} />
        <TextInput
          label="Title"
          description="Empty: the beginning of what it does"
          maxLength={200}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <div className="two">
          <MissedField missed={missed} once={spec?.kind === "once"} onChange={setMissed} />
          <ZoneField zone={zone} mine={mine} onChange={setZone} />
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
            {schedule ? "Save" : "Plan it"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function withWords(action: ScheduleAction, words: string): ScheduleAction {
  if (action.kind === "prompt") return { ...action, prompt: words };
  // A playbook has no words of its own; what was said beside the time is left out then.
  if (action.kind === "playbook") return action;
  return action.kind === "profile" ? { ...action, input: words } : { ...action, text: words };
}

interface Form {
  when: string;
  whenBefore: string;
  zone: string | null;
  action: ScheduleAction;
  title: string;
  missed: Missed;
}

/** Only what was touched. */
function changed(before: ScheduleView, { when, whenBefore, zone, action, title, missed }: Form): SchedulePatch {
  const fields: SchedulePatch = {};
  if (when !== whenBefore) fields.when = when;
  if (zone !== before.time_zone) fields.time_zone = zone;
  if (JSON.stringify(action) !== JSON.stringify(before.action)) fields.action = action;
  if (title !== before.title && title !== "") fields.title = title;
  if (missed !== before.missed) fields.missed = missed;
  return fields;
}
