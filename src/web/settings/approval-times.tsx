import { NativeSelect } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { usePatchSettings, useSettings } from "../api/settings.ts";
import { EFFECTS } from "../lib/effect-words.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";
import { DEFAULT_MINUTES, minutesText, TIMES } from "./minutes.ts";

/** How long the person has for an answer, by what a call would do. */
export function ApprovalTimes() {
  const settings = useSettings();
  const save = usePatchSettings();
  const toast = useToast();
  return (
    <QueryView query={settings} lines={2}>
      {({ approval_minutes: chosen }) => (
        <ul className="items">
          {EFFECTS.map(({ effect, name, what }) => {
            const minutes = chosen[effect] ?? DEFAULT_MINUTES;
            const times = [...new Set([...TIMES, minutes])].toSorted((a, b) => a - b);
            return (
              <li key={effect}>
                <div className="item-text">
                  <b>{name}</b>
                  <span>{what}</span>
                </div>
                <NativeSelect
                  aria-label={`${name}: how long it waits`}
                  size="xs"
                  disabled={save.isPending}
                  data={times.map((time) => ({ value: String(time), label: minutesText(time) }))}
                  value={String(minutes)}
                  onChange={(event) => {
                    const time = Number(event.currentTarget.value);
                    const { [effect]: _, ...others } = chosen;
                    save.mutate(
                      { approval_minutes: time === DEFAULT_MINUTES ? others : { ...others, [effect]: time } },
                      {
                        onSuccess: () => toast(`${name}: new approvals wait ${minutesText(time)}.`),
                        onError: (error) => toast(sayError(error), { tone: "error" }),
                      },
                    );
                  }}
                />
              </li>
            );
          })}
        </ul>
      )}
    </QueryView>
  );
}
