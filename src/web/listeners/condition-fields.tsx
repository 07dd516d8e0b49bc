import { Button, SegmentedControl, Textarea } from "@mantine/core";
import type { ListenerWhen } from "../api/listeners.ts";
import { Icon } from "../ui/icons.tsx";
import { ConditionRow } from "./condition-row.tsx";
import type { TypedCondition } from "./typed-conditions.ts";

interface Props {
  match: ListenerWhen["match"];
  rows: readonly TypedCondition[];
  question: string;
  onMatch: (match: ListenerWhen["match"]) => void;
  onRows: (rows: TypedCondition[]) => void;
  onQuestion: (question: string) => void;
}

const MOST = 20;

/** Which events count: fields first, then a question to a model. Folded away while every event does. */
export function ConditionFields({ match, rows, question, onMatch, onRows, onQuestion }: Props) {
  const set = (index: number, row: TypedCondition) => onRows(rows.map((item, at) => (at === index ? row : item)));
  return (
    <details className="conditions" open={rows.length > 0 || question !== "" || undefined}>
      <summary>Only some of the events</summary>
      <div className="stack">
        {rows.length > 1 && (
          <SegmentedControl
            aria-label="How many conditions must hold"
            value={match}
            onChange={(value) => onMatch(value === "any" ? "any" : "all")}
            data={[
              { value: "all", label: "All hold" },
              { value: "any", label: "Any holds" },
            ]}
          />
        )}
        {rows.map((row, index) => (
          <ConditionRow
            key={index}
            number={index + 1}
            row={row}
            onChange={(changed) => set(index, changed)}
            onRemove={() => onRows(rows.filter((_, at) => at !== index))}
          />
        ))}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="plus" size={15} />}
            disabled={rows.length >= MOST}
            onClick={() => onRows([...rows, { path: "", op: "eq", value: "" }])}
          >
            Add a condition
          </Button>
        </div>
        <p className="dim">
          A field is named from the outside in, such as <code>pull_request.state</code>. Try it out afterwards to see what comes.
        </p>
        <Textarea
          label="A question that decides"
          description="A model answers it with yes or no about each event that is left. Costs a little each time. May stay empty"
          placeholder="Is this about security?"
          autosize
          minRows={1}
          maxRows={5}
          maxLength={500}
          value={question}
          onChange={(event) => onQuestion(event.currentTarget.value)}
        />
      </div>
    </details>
  );
}
