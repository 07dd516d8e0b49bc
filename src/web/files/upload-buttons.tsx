import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { Icon } from "../ui/icons.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { plainName } from "./plain-name.ts";
import { folderHref } from "./file-places.ts";
import { inFolder } from "./file-words.ts";

/** The ways in: files from this device, and a folder to put them in. */
export function UploadButtons({ path, onFiles }: { path: string; onFiles: (files: File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const [naming, setNaming] = useState(false);
  const [, navigate] = useLocation();
  return (
    <div className="add-documents">
      <div className="row">
        <Button leftSection={<Icon name="upload" size={18} />} onClick={() => picker.current?.click()}>
          Upload files
        </Button>
        <Button variant="default" leftSection={<Icon name="folder" size={18} />} onClick={() => setNaming(true)}>
          New folder
        </Button>
        <span className="dim add-drop">or drop files anywhere here</span>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
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
