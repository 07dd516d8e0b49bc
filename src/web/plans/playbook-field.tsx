import { NativeSelect } from "@mantine/core";
import { Link } from "wouter";
import { usePlaybooks } from "../api/playbooks.ts";
import { VariableFields } from "./variable-fields.tsx";
import type { Values } from "./variables.ts";

interface Chosen {
  playbook: string;
  variables: Values;
}

interface Props extends Chosen {
  description: string;
  /** Variables that are filled by what happens, and not asked. */
  given: readonly string[];
  onChange: (chosen: { playbook: string; variables: Record<string, string> }) => void;
}

/** Which playbook, and what it is to be told. One that is not there any more stays chosen until another is. */
export function PlaybookField({ playbook, variables, description, given, onChange }: Props) {
  const query = usePlaybooks();
  const known = query.data ?? [];
  const chosen = known.find(({ name }) => name === playbook);
  const lost = playbook !== "" && query.data !== undefined && chosen === undefined;
  const asked = (chosen?.variables ?? []).filter(({ name }) => !given.includes(name));
  const choices = [
    ...(playbook === "" ? [{ value: "", label: "Choose a playbook" }] : []),
    ...(playbook !== "" && chosen === undefined ? [{ value: playbook, label: playbook }] : []),
    ...known.map(({ name, title }) => ({ value: name, label: title })),
  ];
  return (
    <>
      <NativeSelect
        label="Playbook"
        description={chosen && chosen.description !== "" ? chosen.description : description}
        error={lost ? "This playbook is not there any more." : null}
        data={choices}
        value={playbook}
        onChange={(event) => onChange({ playbook: event.currentTarget.value, variables: { ...variables } })}
      />
      <VariableFields variables={asked} values={variables} onChange={(values) => onChange({ playbook, variables: values })} />
      <p className="dim">
        What each playbook does is under <Link href="/plans/playbooks">Playbooks</Link>.
        {given.length > 0 && ` What came is put where its texts say {{${given.join("}}, {{")}}}.`}
      </p>
    </>
  );
}
