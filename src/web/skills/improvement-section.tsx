import { NativeSelect } from "@mantine/core";
import { Link } from "wouter";
import type { SelfImprovement } from "../../self-improvement/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { type ImprovementOutcome, type ImprovementView, useImprovements } from "../api/improvements.ts";
import { usePatchSettings } from "../api/settings.ts";
import { dayName, fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useToast } from "../ui/toast.tsx";

const CHOICES: readonly { value: SelfImprovement; label: string }[] = [
  { value: "off", label: "No" },
  { value: "propose", label: "Yes, and I decide about every change" },
  { value: "wording", label: "Yes, and it may change the wording of skills by itself" },
];

const EXPLAINED: Readonly<Record<SelfImprovement, string>> = {
  off: "What you ask for is not counted.",
  propose: "What it drafts is tried first, and then asked about: why, what changes, how it did.",
  wording:
    "Only words: what a skill may do, its programs and whatever it names stay as they are. Each change is a version that you can go back from.",
};

const OUTCOMES: Readonly<Record<ImprovementOutcome, { name: string; tone: string }>> = {
  working: { name: "Being drafted", tone: "plain" },
  asked: { name: "Waits for you", tone: "warn" },
  applied: { name: "Improved", tone: "good" },
  declined: { name: "You said no", tone: "plain" },
  nothing: { name: "Nothing to improve", tone: "plain" },
  failed: { name: "Broke off", tone: "bad" },
};

/** Whether the agent looks once a week for what it could do better, and what came of it. */
export function ImprovementSection() {
  const query = useImprovements();
  const save = usePatchSettings();
  const toast = useToast();
  const now = useNow();
  return (
    <Section
      title="Getting better"
      intro="Once a week Margay counts what you asked for again and again, what failed and what took long. Only if something stands out does it draft a skill for it, or a better version of one."
    >
      <QueryView query={query} lines={2}>
        {({ setting, next_look_at: next, found, improvements }) => (
          <>
            <NativeSelect
              label="Look for what could be done better"
              description={`${EXPLAINED[setting]}${nextWords(setting, next, now)}`}
              data={[...CHOICES]}
              value={setting}
              disabled={save.isPending}
              onChange={({ currentTarget: { value } }) => {
                const chosen = CHOICES.find((choice) => choice.value === value)?.value;
                if (chosen === undefined) return;
                save.mutate(
                  { self_improvement: chosen },
                  { onError: (error) => toast(sayError(error), { tone: "error" }), onSuccess: () => void query.refetch() },
                );
              }}
            />
            {setting !== "off" && found.length > 0 && (
              <p className="dim">
                Stands out now, for the next look:{" "}
                {found
                  .slice(0, 3)
                  .map(({ title }) => title)
                  .join("; ")}
                .
              </p>
            )}
            {improvements.length > 0 && (
              <ul className="items" aria-label="What stood out">
                {improvements.map((improvement) => (
                  <Improvement key={improvement.id} improvement={improvement} now={now} />
                ))}
              </ul>
            )}
          </>
        )}
      </QueryView>
    </Section>
  );
}

/** When it looks. Where it is switched on and has no time to look at, there is no model that could write. */
function nextWords(setting: SelfImprovement, next: number | null, now: number): string {
  if (setting === "off") return "";
  if (next === null) return " It begins once a model is connected.";
  return ` It looks next ${next <= now ? "soon" : dayName(now, next)}.`;
}

function Improvement({ improvement: { title, at, outcome, task }, now }: { improvement: ImprovementView; now: number }) {
  const { name, tone } = OUTCOMES[outcome];
  return (
    <li className="look">
      <div className="item-text">
        <b>{title}</b>
        <span>
          <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
            {dayName(now, at)}
          </time>
          {task !== null && (
            <>
              {", "}
              <Link href={`/tasks/${encodeURIComponent(task.id)}`}>task {task.number}</Link>
            </>
          )}
        </span>
      </div>
      {outcome === "asked" ? (
        <Link href="/approvals">{name}</Link>
      ) : (
        <span className="tag" data-tone={tone}>
          {name}
        </span>
      )}
    </li>
  );
}
