import { Button } from "@mantine/core";
import { type ChangeEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import { pickedFiles } from "../lib/dropped-files.ts";
import { Icon } from "../ui/icons.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { plainName } from "./plain-name.ts";
import { folderHref } from "./file-places.ts";
import { inFolder } from "./file-words.ts";
import type { PickFiles } from "./use-uploads.ts";

/** Makes a picker choose folders; React's types do not know it. */
const FOLDERS = { webkitdirectory: "" };

/** The ways in: files and folders from this device, and a new folder to put them in. */
export function UploadButtons({ path, onFiles }: { path: string; onFiles: (pick: PickFiles) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const folderPicker = useRef<HTMLInputElement>(null);
  const [naming, setNaming] = useState(false);
  const [, navigate] = useLocation();
  const chosen = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
    if (files.length > 0) onFiles(() => pickedFiles(files));
  };
  return (
    <div className="add-documents">
      <div className="row">
        <Button leftSection={<Icon name="upload" size={18} />} onClick={() => picker.current?.click()}>
          Upload files
        </Button>
        <Button variant="default" leftSection={<Icon name="folder" size={18} />} onClick={() => setNaming(true)}>
          New folder
        </Button>
        {/* Where there is nothing to drop with, there are no folders to choose either. */}
        <Button
          className="add-drop"
          variant="default"
          leftSection={<Icon name="upload" size={18} />}
          onClick={() => folderPicker.current?.click()}
        >
          Upload a folder
        </Button>
        <span className="dim add-drop">or drop any of them here</span>
      </div>
      <input ref={picker} type="file" multiple hidden aria-label="Files to upload" onChange={chosen} />
      <input ref={folderPicker} type="file" {...FOLDERS} hidden aria-label="Folder to upload" onChange={chosen} />
      {naming && (
        <NameDialog
          title="New folder"
          label="Name of the folder"
          action="Open it"
          max={255}
          // A folder is there as long as a file is in it: opening it is all there is to do.
          // eslint-disable-next-line require-await
          onSave={async (name) => navigate(folderHref(inFolder(path, plainName(name))))}
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  );
}
