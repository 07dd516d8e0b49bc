import { Checkbox } from "@mantine/core";
import { useState } from "react";
import type { ProfileList } from "../api/tasks.ts";
import { toolTitle } from "../../permission/tool-title.ts";

interface Props {
  tools: ProfileList["choices"]["tools"];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}

/** Which tools a profile may use. One that is not there any more stays until it is taken out. */
export function ToolChoice({ tools, chosen, onChange }: Props) {
  // Those chosen at first come first, and stay where they are.
  const [first] = useState(() => new Set(chosen));
  const known = new Set(tools.map(({ name }) => name));
  const all = [...tools, ...chosen.filter((name) => !known.has(name)).map((name) => ({ name, description: "Not there any more" }))];
  const ordered = all.toSorted((a, b) => Number(first.has(b.name)) - Number(first.has(a.name)));
  return (
    <fieldset className="tool-choice">
      <legend>
        Tools <span>{chosen.length} chosen</span>
      </legend>
      <div className="tool-list" tabIndex={-1}>
        {ordered.map(({ name, description }) => (
          <Checkbox
            key={name}
            size="sm"
            label={toolTitle(name)}
            description={description}
            checked={chosen.includes(name)}
            onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, name] : chosen.filter((item) => item !== name))}
          />
        ))}
      </div>
    </fieldset>
  );
}
