import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { folderOf } from "../../workspace/path.ts";
import { sayError } from "../api/api-error.ts";
import { useListing } from "../api/workspace.ts";
import { Icon } from "../ui/icons.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { folderName, foldersTo, inFolder } from "./file-words.ts";
import { plainName } from "./plain-name.ts";

interface Props {
  /** Of what is moved. */
  path: string;
  name: string;
  /** Rejects with what to tell. */
  onMove: (folder: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for the folder that something goes into: one that is there, or a new one. Rendered while it is open. */
export function MoveDialog({ path, name, onMove, onClose }: Props) {
  const [folder, setFolder] = useState(folderOf(path));
  const [fresh, setFresh] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const same = folder === folderOf(path) && fresh.trim() === "";
  const go = (to: string) => {
    setFolder(to);
    setError(null);
  };
  const save = async () => {
    setSaving(true);
    try {
      await onMove(fresh.trim() === "" ? folder : inFolder(folder, plainName(fresh)));
      onClose();
    } catch (failure) {
      setError(sayError(failure));
      setSaving(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Move ${name}`} centered closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (same) setError("It is in this folder already. Open another one, or name a new one.");
          else void save();
        }}
      >
        <div className="crumbs" role="group" aria-label="Into">
          <ol>
            {foldersTo(folder).map((one, index) => (
              <li key={one}>
                {index > 0 && <Icon name="right" size={14} />}
                <button type="button" aria-current={one === folder ? "true" : undefined} onClick={() => go(one)}>
                  {folderName(one)}
                </button>
              </li>
            ))}
          </ol>
        </div>
        <Folders key={folder} path={folder} moved={path} onOpen={go} />
        <TextInput
          label="New folder in here"
          placeholder="None"
          value={fresh}
          maxLength={255}
          autoComplete="off"
          onChange={(event) => {
            setFresh(event.currentTarget.value);
            setError(null);
          }}
        />
        <p className="form-error" role="alert">
          {error}
        </p>
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving} aria-disabled={same}>
            Move here
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The folders in a folder, without the one that is moved. */
function Folders({ path, moved, onOpen }: { path: string; moved: string; onOpen: (path: string) => void }) {
  const query = useListing({ path, limit: 1_000 });
  return (
    <QueryView query={query} lines={1}>
      {(listing) => {
        const folders = listing.folders.filter((folder) => folder.path !== moved);
        if (folders.length === 0) return <p className="dim">There are no folders in {folderName(path)}.</p>;
        return (
          <ul className="folder-choice" aria-label="Folders">
            {folders.map((folder) => (
              <li key={folder.path}>
                <button type="button" onClick={() => onOpen(folder.path)}>
                  <Icon name="folder" size={18} /> <span>{folder.name}</span>
                  <Icon name="right" size={16} />
                </button>
              </li>
            ))}
          </ul>
        );
      }}
    </QueryView>
  );
}
