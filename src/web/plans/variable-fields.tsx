import { Textarea } from "@mantine/core";
import type { Variable } from "../api/playbooks.ts";
import { type Values, variableTitle } from "./variables.ts";

/** The longest value, characters. */
const MOST = 2_000;

interface Props {
  variables: readonly Variable[];
  /** What was typed so far; what was not touched has its usual value. */
  values: Values;
  onChange: (values: Record<string, string>) => void;
}

/** What a playbook wants to know before it runs. */
export function VariableFields({ variables, values, onChange }: Props) {
  return variables.map(({ name, description, default: usual }, place) => (
    <Textarea
      key={name}
      label={variableTitle(name)}
      description={description === "" ? undefined : description}
      withAsterisk={usual === null}
      aria-required={usual === null}
      autosize
      minRows={1}
      maxRows={6}
      maxLength={MOST}
      data-autofocus={place === 0 || undefined}
      value={values[name] ?? usual ?? ""}
      onChange={(event) => onChange({ ...values, [name]: event.currentTarget.value })}
    />
  ));
}
