import { ActionIcon, NativeSelect, TextInput } from "@mantine/core";
import { Icon } from "../ui/icons.tsx";
import { CHOICES } from "./listener-words.ts";
import type { TypedCondition } from "./typed-conditions.ts";

interface Props {
  number: number;
  row: TypedCondition;
  onChange: (row: TypedCondition) => void;
  onRemove: () => void;
}

/** One condition on a field. */
export function ConditionRow({ number, row, onChange, onRemove }: Props) {
  return (
    <div className="condition" role="group" aria-label={`Condition ${number}`}>
      <TextInput
        aria-label="Field"
        placeholder="pull_request.state"
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={row.path}
        onChange={(event) => onChange({ ...row, path: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Comparison"
        data={[...CHOICES]}
        value={row.op}
        onChange={(event) => {
          const op = CHOICES.find(({ value }) => value === event.currentTarget.value)?.value ?? "eq";
          onChange({ ...row, op, value: op === "exists" ? "yes" : row.op === "exists" ? "" : row.value });
        }}
      />
      {row.op === "exists" ? (
        <NativeSelect
          aria-label="Value"
          data={[
            { value: "yes", label: "yes" },
            { value: "no", label: "no" },
          ]}
          value={row.value}
          onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
        />
      ) : (
        <TextInput
          aria-label="Value"
          placeholder={row.op === "in" ? "open, reopened" : row.op === "like" ? "fix*" : "open"}
          maxLength={500}
          autoComplete="off"
          value={row.value}
          onChange={(event) => onChange({ ...row, value: event.currentTarget.value })}
        />
      )}
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={`Remove condition ${number}`} onClick={onRemove}>
        <Icon name="close" size={16} />
      </ActionIcon>
    </div>
  );
}
