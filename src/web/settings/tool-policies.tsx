import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useId, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { useToolNames } from "../api/audit.ts";
import { useGrants } from "../api/grants.ts";
import { type Settings, usePatchSettings, useSettings } from "../api/settings.ts";
import { toolTitle } from "../../permission/tool-title.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";

const POLICIES = [
  { value: "", label: "As usual" },
  { value: "ask", label: "Always ask" },
  { value: "off", label: "Off" },
];

/** Per tool: as usual, always ask, or off. Known are the tools that were used, allowed or set here before; any other can be named. */
export function ToolPolicies() {
  const settings = useSettings();
  const used = useToolNames().data ?? [];
  const allowed = (useGrants().data ?? []).map(({ tool }) => tool);
  return (
    <QueryView query={settings} lines={2}>
      {({ tools }) => <Policies tools={tools} names={[...new Set([...Object.keys(tools), ...used, ...allowed])].toSorted()} />}
    </QueryView>
  );
}

function Policies({ tools, names }: { tools: Settings["tools"]; names: string[] }) {
  const save = usePatchSettings();
  const toast = useToast();
  const set = (name: string, choice: string) => {
    const policy = choice === "ask" || choice === "off" ? choice : null;
    const { [name]: _, ...others } = tools;
    const changed: Settings["tools"] = policy === null ? others : { ...others, [name]: policy };
    const said = policy === null ? "works as usual" : policy === "ask" ? "is always asked about" : "is off";
    save.mutate(
      { tools: changed },
      {
        onSuccess: () => toast(`${toolTitle(name)} ${said}.`),
        onError: (error) => toast(sayError(error), { tone: "error" }),
      },
    );
  };
  return (
    <>
      {names.length > 0 && (
        <ul className="items">
          {names.map((name) => (
            <ToolRow key={name} name={name} policy={tools[name] ?? ""} busy={save.isPending} onSet={(policy) => set(name, policy)} />
          ))}
        </ul>
      )}
      <OtherTool busy={save.isPending} onSet={set} />
    </>
  );
}

function ToolRow({ name, policy, busy, onSet }: { name: string; policy: string; busy: boolean; onSet: (policy: string) => void }) {
  const id = useId();
  return (
    <li>
      <div className="item-text" id={id}>
        <b>{toolTitle(name)}</b>
        <span>
          <code>{name}</code>
        </span>
      </div>
      <NativeSelect
        aria-labelledby={id}
        size="xs"
        data={POLICIES}
        value={policy}
        disabled={busy}
        onChange={(event) => onSet(event.currentTarget.value)}
      />
    </li>
  );
}

/** A tool that was not used yet, by its name. */
function OtherTool({ busy, onSet }: { busy: boolean; onSet: (name: string, policy: string) => void }) {
  const [name, setName] = useState("");
  return (
    <form
      className="row"
      style={{ alignItems: "flex-end" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === "") return;
        onSet(name.trim(), "ask");
        setName("");
      }}
    >
      <TextInput
        style={{ flex: 1, minWidth: 180 }}
        size="sm"
        label="Another tool"
        description="Its name as Details and the Activity show it, such as add_todo"
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={busy || name.trim() === ""}>
        Always ask
      </Button>
    </form>
  );
}
