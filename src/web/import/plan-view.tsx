import { Alert, Button } from "@mantine/core";
import type { ImportPlan } from "../../import/shapes.ts";
import { Section } from "../ui/section.tsx";
import { FORMAT_NAMES, KIND_NAMES } from "./import-words.ts";
import { SkippedList } from "./skipped-list.tsx";

interface Props {
  name: string;
  plan: ImportPlan;
  busy: boolean;
  error: string | null;
  onRun: () => void;
  onBack: () => void;
}

/** What was found and what will be done with it. */
export function PlanView({ name, plan, busy, error, onRun, onBack }: Props) {
  return (
    <Section title={FORMAT_NAMES[plan.format]} intro={`In ${name}. Nothing has been taken over yet.`}>
      <ul className="import-lines">
        {plan.lines.map((line) => (
          <li key={line.kind}>
            <b>{KIND_NAMES[line.kind]}</b>
            <p>{line.what}</p>
            {line.examples.map((example, index) => (
              <blockquote key={index}>{example}</blockquote>
            ))}
          </li>
        ))}
      </ul>
      <SkippedList skipped={plan.skipped} />
      {error !== null && (
        <Alert color="red" variant="light" title="This did not work" role="alert">
          {error}
        </Alert>
      )}
      <div className="row end">
        <Button variant="default" onClick={onBack} disabled={busy}>
          Choose another file
        </Button>
        <Button onClick={onRun} loading={busy} data-autofocus>
          Import
        </Button>
      </div>
    </Section>
  );
}
