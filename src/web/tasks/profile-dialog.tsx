import { Button, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ProfileList, type ProfileView, useProfileActions } from "../api/tasks.ts";
import { useToast } from "../ui/toast.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { limitsOf, typedLimits } from "./limits.ts";
import { cannotSignIn, freeName } from "./task-words.ts";
import { ToolChoice } from "./tool-choice.tsx";

interface Props {
  /** What is changed; null: a new one is made. */
  profile: ProfileView | null;
  /** What a new one begins with. */
  copy: ProfileView | null;
  profiles: ProfileView[];
  tools: ProfileList["choices"]["tools"];
  onClose: () => void;
}

const TIERS = [
  { value: "fast", label: "Fast models" },
  { value: "smart", label: "Smart models" },
] as const;

/** Makes or changes a profile. Rendered while it is open. */
export function ProfileDialog({ profile, copy, profiles, tools, onClose }: Props) {
  const from = profile ?? copy;
  const [name, setName] = useState(profile?.name ?? (copy ? freeName(copy.name, profiles) : ""));
  const [purpose, setPurpose] = useState(from?.purpose ?? "");
  const [prompt, setPrompt] = useState(from?.prompt ?? "");
  const [tier, setTier] = useState(from?.tier ?? "smart");
  const [chosen, setChosen] = useState<string[]>(from?.tools ?? []);
  const [limits, setLimits] = useState(typedLimits(from?.limits));
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { add, change } = useProfileActions();
  const toast = useToast();
  const hint = profile && cannotSignIn(profile, chosen);
  const ready = name.trim() !== "" && purpose.trim() !== "" && prompt.trim() !== "";

  const save = async () => {
    setSaving(true);
    setError(null);
    const fields = { purpose: purpose.trim(), prompt: prompt.trim(), tier, tools: chosen, limits: limitsOf(limits) };
    try {
      await (profile ? change.mutateAsync({ name: profile.name, fields }) : add.mutateAsync({ name: name.trim(), ...fields }));
      toast(profile ? "Saved." : `Made: ${name.trim()}`);
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={600}
      title={profile ? `Profile ${profile.name}` : "New profile"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !saving) void save();
        }}
      >
        {profile === null && (
          <TextInput
            label="Name"
            description="Small letters, digits and dashes"
            placeholder="travel"
            pattern="[a-z][a-z0-9\-]{0,39}"
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="What it is for"
          description="One line. Margay chooses by it whom to give work"
          placeholder="Plans journeys: trains, places to stay, prices"
          maxLength={200}
          value={purpose}
          onChange={(event) => setPurpose(event.currentTarget.value)}
        />
        <Textarea
          label="What it is told"
          placeholder="You plan journeys. Prefer trains. Give prices with the day you saw them, and links."
          autosize
          minRows={4}
          maxRows={14}
          maxLength={8_000}
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
        />
        <ToolChoice tools={tools} chosen={chosen} onChange={setChosen} />
        {hint !== null && <p className="aside">{hint}</p>}
        <NativeSelect
          label="Works with"
          data={[...TIERS]}
          value={tier}
          onChange={(event) => setTier(event.currentTarget.value === "fast" ? "fast" : "smart")}
        />
        <LimitFields limits={limits} onChange={setLimits} />
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} aria-disabled={!ready}>
            {profile ? "Save" : "Make it"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
