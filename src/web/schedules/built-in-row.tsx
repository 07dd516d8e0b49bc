import { Button, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type BuiltInView, useScheduleActions } from "../api/schedules.ts";
import { useNow } from "../lib/use-now.ts";
import { useToast } from "../ui/toast.tsx";
import { nextWords } from "./schedule-words.ts";

/** What is in it, before it was ever read. */
const WHAT: Readonly<Record<string, string>> = {
  morning_briefing: "What is overdue, due today, and what matters",
  weekly_summary: "What was done, what is stuck, what comes next",
};

/** One that comes with Margay: a switch, and when. */
export function BuiltInRow({ one }: { one: BuiltInView }) {
  const said = one.schedule?.said ?? one.default_when;
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { setBuiltIn } = useScheduleActions();
  const toast = useToast();
  const now = useNow();
  const when = typed ?? said;
  const touched = when.trim() !== "" && when.trim() !== said;

  const set = async (on: boolean) => {
    setError(null);
    try {
      const { schedule } = await setBuiltIn.mutateAsync({ name: one.name, on, ...(on && touched ? { when: when.trim() } : {}) });
      setTyped(null);
      toast(schedule === null ? `${one.title}: off.` : `${one.title}: ${schedule.described}.`);
    } catch (failure) {
      setError(sayError(failure));
    }
  };

  return (
    <li className="built-in">
      <Switch
        label={one.title}
        description={one.on && one.schedule ? nextWords(now, one.schedule) : WHAT[one.name]}
        checked={one.on}
        disabled={setBuiltIn.isPending}
        onChange={(event) => void set(event.currentTarget.checked)}
      />
      <form
        className="built-in-when"
        onSubmit={(event) => {
          event.preventDefault();
          if (touched) void set(true);
        }}
      >
        <TextInput
          size="sm"
          aria-label={`${one.title}: when`}
          maxLength={300}
          autoComplete="off"
          value={when}
          error={error}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setError(null);
          }}
        />
        {touched && (
          <Button type="submit" variant="default" size="sm" loading={setBuiltIn.isPending}>
            {one.on ? "Save" : "Switch on"}
          </Button>
        )}
      </form>
    </li>
  );
}
