import { Alert, Button, Loader } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ImportPlan } from "../../import/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { planImport, useRunImport } from "../api/imports.ts";
import { Icon } from "../ui/icons.tsx";
import { Section } from "../ui/section.tsx";
import { unsuitable } from "./import-words.ts";
import { PlanView } from "./plan-view.tsx";

type State =
  | { step: "choose"; error: string | null }
  | { step: "looking"; name: string }
  | { step: "planned"; name: string; plan: ImportPlan };

/** Chooses a file, shows what it holds and what will be done, and begins. */
export function ImportStart({ onStarted }: { onStarted: (id: string) => void }) {
  const [state, setState] = useState<State>({ step: "choose", error: null });
  const picker = useRef<HTMLInputElement>(null);
  const looking = useRef<AbortController | null>(null);
  const run = useRunImport();
  useEffect(() => () => looking.current?.abort(), []);

  const look = async (file: File) => {
    const wrong = unsuitable(file);
    if (wrong !== null) {
      setState({ step: "choose", error: wrong });
      return;
    }
    const controller = new AbortController();
    looking.current = controller;
    setState({ step: "looking", name: file.name });
    try {
      const plan = await planImport(file, controller.signal);
      if (!controller.signal.aborted) setState({ step: "planned", name: file.name, plan });
    } catch (error) {
      if (!controller.signal.aborted) setState({ step: "choose", error: sayError(error) });
    }
  };
  const back = () => {
    looking.current?.abort();
    run.reset();
    setState({ step: "choose", error: null });
  };

  if (state.step === "planned")
    return (
      <PlanView
        name={state.name}
        plan={state.plan}
        busy={run.isPending}
        error={run.isError ? sayError(run.error) : null}
        onRun={() => run.mutate(state.plan.id, { onSuccess: ({ id }) => onStarted(id) })}
        onBack={back}
      />
    );
  return (
    <Section title="What do you have?">
      <ul className="import-sources">
        <li>
          <b>OpenClaw</b> A zip of the workspace folder, with SOUL.md and MEMORY.md.
        </li>
        <li>
          <b>ChatGPT</b> The zip of Settings → Data controls → Export data, or its conversations.json.
        </li>
        <li>
          <b>Claude</b> The zip of Settings → Privacy → Export data, or its conversations.json.
        </li>
        <li>
          <b>Markdown</b> A note, or a zip of a folder such as an Obsidian vault.
        </li>
      </ul>
      {state.step === "choose" && state.error !== null && (
        <Alert color="red" variant="light" title="This did not work" role="alert">
          {state.error}
        </Alert>
      )}
      {state.step === "looking" ? (
        <div className="row" role="status">
          <Loader size={18} />
          <span className="import-grow">Looking into {state.name} …</span>
          <Button variant="default" onClick={back}>
            Cancel
          </Button>
        </div>
      ) : (
        <div className="row">
          <Button leftSection={<Icon name="upload" size={18} />} onClick={() => picker.current?.click()}>
            Choose a file
          </Button>
          <span className="dim">You see what is in it before anything is taken over.</span>
        </div>
      )}
      <input
        ref={picker}
        type="file"
        hidden
        accept=".zip,.json,.md,.markdown,.txt"
        aria-label="File to import"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) void look(file);
        }}
      />
    </Section>
  );
}
