import { Button } from "@mantine/core";
import { useRef } from "react";
import type { Arrival } from "../api/skills.ts";
import { Icon } from "../ui/icons.tsx";
import { arrivalOf } from "./arrival.ts";

/** Chooses a zip or a folder of this device. */
export function PickSkill({ arrival, onPick }: { arrival: Arrival | null; onPick: (arrival: Arrival | null) => void }) {
  const zip = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) onPick(arrivalOf(files));
  };
  return (
    <div className="stack">
      <div className="row">
        <Button variant="default" leftSection={<Icon name="file" size={17} />} onClick={() => zip.current?.click()}>
          Choose a zip
        </Button>
        <Button variant="default" leftSection={<Icon name="folder" size={17} />} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
      </div>
      <input
        ref={zip}
        type="file"
        accept=".zip,.skill,.md,application/zip"
        hidden
        aria-label="Zip of a skill"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={(element) => {
          // Not known to React's types; every browser has it.
          element?.setAttribute("webkitdirectory", "");
          folder.current = element;
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder of a skill"
        onChange={(event) => take(event.currentTarget)}
      />
      <p className="dim" role="status">
        {arrival === null
          ? "A zip with a SKILL.md in it, or the folder itself."
          : arrival.kind === "zip"
            ? arrival.file.name
            : arrival.kind === "files"
              ? `${arrival.files.length === 1 ? "1 file" : `${arrival.files.length} files`}, ${arrival.files[0]?.path ?? ""}${arrival.files.length > 1 ? " …" : ""}`
              : ""}
      </p>
    </div>
  );
}
