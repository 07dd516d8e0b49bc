import { Button, Modal, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { MAX_SKILL_UPLOAD } from "../../skills/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { type Arrival, type Skill, useSkillActions } from "../api/skills.ts";
import { counted } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useToast } from "../ui/toast.tsx";
import { addressOf, arrivalOf, sizeOf } from "./arrival.ts";
import { PickSkill } from "./pick-skill.tsx";
import { arrivedWords } from "./skill-words.ts";
import { useAddAll } from "./use-add-all.ts";

type Way = "files" | "url" | "text";

interface Props {
  /** What was dropped on the page; empty: nothing yet. */
  dropped: File[];
  onAdded: (skill: Skill) => void;
  onClose: () => void;
}

const TOO_LARGE = "That is more than 20 MB, which is the most that a skill may have.";
const NEITHER = "That is neither a zip nor a folder with a SKILL.md.";
const EXAMPLE = `---
name: plant-care
description: Says when and how to water my plants. Use when I ask about plants.
---

# Plant care

1. Ask which plant it is, where it stands and when it was last watered.
2. Say when to water it next, and how much.
3. Offer a reminder.
`;

/** Brings a skill: as a zip or a folder, from an address, or as pasted text. Rendered while it is open. */
export function AddSkill({ dropped, onAdded, onClose }: Props) {
  const [way, setWay] = useState<Way>("files");
  const [arrival, setArrival] = useState<Arrival | null>(() => arrivalOf(dropped));
  const [url, setUrl] = useState("");
  const [text, setText] = useState("");
  const [folders, setFolders] = useState<string[]>([]);
  const [error, setError] = useState<string | null>(dropped.length > 0 && arrival === null ? NEITHER : null);
  const { add } = useSkillActions();
  const all = useAddAll();
  const toast = useToast();
  const brought: Arrival | null =
    way === "files"
      ? arrival
      : way === "url"
        ? url.trim() === ""
          ? null
          : { kind: "url", url: addressOf(url) }
        : text.trim() === ""
          ? null
          : { kind: "text", text };

  const bring = async (folder?: string) => {
    if (brought === null || add.isPending) return;
    if (sizeOf(brought) > MAX_SKILL_UPLOAD) {
      setError(TOO_LARGE);
      return;
    }
    setError(null);
    try {
      const arrived = await add.mutateAsync(folder === undefined || brought.kind === "text" ? brought : { ...brought, folder });
      if (arrived.kind === "several") {
        setFolders(arrived.folders);
        return;
      }
      toast(arrivedWords(arrived.skill));
      onAdded(arrived.skill.skill);
    } catch (failure) {
      setError(sayError(failure));
    }
  };
  const bringAll = async () => {
    if (brought === null || all.done !== null) return;
    setError(null);
    const { skills, failed } = await all.run(brought, folders);
    if (skills.length > 0) toast(`Added: ${counted(skills.length, "skill")}. They do nothing until you enable them.`);
    if (failed.length === 0) return onClose();
    setFolders([]);
    setArrival(null);
    setError(failed.map(({ folder, why }) => `${folder}: ${why}`).join("\n"));
  };
  const change = (next: Arrival | null) => {
    setArrival(next);
    setFolders([]);
    setError(next === null ? NEITHER : null);
  };

  return (
    <Modal opened onClose={onClose} size={560} title="Add a skill" closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void bring();
        }}
      >
        <SegmentedControl
          fullWidth
          aria-label="Where it comes from"
          data={[
            { value: "files", label: "Zip or folder" },
            { value: "url", label: "Address" },
            { value: "text", label: "Paste" },
          ]}
          value={way}
          onChange={(next) => {
            setWay(next);
            setFolders([]);
            setError(null);
          }}
        />
        {way === "files" && <PickSkill arrival={arrival} onPick={change} />}
        {way === "url" && (
          <TextInput
            label="Address of a repository or folder"
            description="On GitHub or GitLab, such as https://github.com/owner/repository/tree/main/skills/name"
            placeholder="https://github.com/…"
            inputMode="url"
            data-autofocus
            autoComplete="off"
            maxLength={2_000}
            value={url}
            onChange={(event) => {
              setUrl(event.currentTarget.value);
              setFolders([]);
            }}
          />
        )}
        {way === "text" && (
          <Textarea
            label="Its SKILL.md"
            description="A name, a line that says when to use it, then how it is done"
            placeholder={EXAMPLE}
            autosize
            minRows={9}
            maxRows={16}
            data-autofocus
            spellCheck={false}
            classNames={{ input: "skill-paste" }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {way === "text" && text === "" && (
          <div className="row">
            <Button variant="default" size="xs" onClick={() => setText(EXAMPLE)}>
              Begin with this example
            </Button>
          </div>
        )}
        {folders.length > 0 && (
          <Folders folders={folders} busy={add.isPending || all.done !== null} onChoose={(folder) => void bring(folder)} />
        )}
        {error !== null && (
          <p className="error skill-errors" role="alert">
            {error}
          </p>
        )}
        <p className="dim">Nothing of it runs and it may do nothing yet: next you see what is in it and what it asks for.</p>
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {folders.length > 0 ? (
            <Button variant="default" aria-disabled={all.done !== null} onClick={() => void bringAll()}>
              {all.done === null ? `Add all ${folders.length}` : `Adding ${all.done + 1} of ${folders.length} …`}
            </Button>
          ) : (
            <Button type="submit" loading={add.isPending} aria-disabled={brought === null}>
              Add
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}

/** It holds several: one is chosen, or all are. */
function Folders({ folders, busy, onChoose }: { folders: readonly string[]; busy: boolean; onChoose: (folder: string) => void }) {
  return (
    <fieldset className="tool-choice">
      <legend>
        There are several skills in it <span>choose one, or add all</span>
      </legend>
      <div className="folder-choice">
        {folders.map((folder) => (
          <button key={folder} type="button" disabled={busy} onClick={() => onChoose(folder)}>
            <Icon name="folder" size={17} />
            <span>{folder}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
