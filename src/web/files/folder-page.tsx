import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type ReactNode, useRef, useState } from "react";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { FilesTabs } from "./files-tabs.tsx";
import { FolderCrumbs } from "./folder-crumbs.tsx";
import { FolderList } from "./folder-list.tsx";
import { UploadButtons } from "./upload-buttons.tsx";
import type { PickFiles } from "./use-uploads.ts";

interface Props {
  path: string;
  onFiles: (pick: PickFiles) => void;
  /** What is on its way. */
  uploads: ReactNode;
}

/** A folder: what is in it, what is found below it, and the ways in. */
export function FolderPage({ path, onFiles, uploads }: Props) {
  // Of this folder only: in another one there is something else to look for.
  const [typed, setTyped] = useState({ path, text: "" });
  const text = typed.path === path ? typed.text : "";
  const [waited] = useDebouncedValue(text.trim(), 300);
  const field = useRef<HTMLInputElement>(null);
  return (
    <Page title="Files" intro="What you and Margay keep. Margay reads and writes here when you ask.">
      <FilesTabs here="Files" />
      <UploadButtons path={path} onFiles={onFiles} />
      {uploads}
      <TextInput
        ref={field}
        aria-label={path === "/" ? "Search your files" : "Search this folder"}
        placeholder={path === "/" ? "Search your files, such as invoice or *.csv" : "Search this folder, such as invoice or *.csv"}
        type="search"
        maxLength={200}
        leftSection={<Icon name="search" size={17} />}
        value={text}
        onChange={(event) => setTyped({ path, text: event.currentTarget.value })}
      />
      <FolderCrumbs path={path} />
      <FolderList key={path} path={path} search={text.trim() === "" ? "" : waited} onDeleted={() => field.current?.focus()} />
    </Page>
  );
}
