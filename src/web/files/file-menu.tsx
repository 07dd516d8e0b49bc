import { Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { folderOf } from "../../workspace/path.ts";
import { contentAddress } from "../api/file-content.ts";
import { useFileActions } from "../api/workspace.ts";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { folderName, inFolder, isFixed } from "./file-words.ts";
import { LinkDialog } from "./link-dialog.tsx";
import { MoveDialog } from "./move-dialog.tsx";
import { plainName } from "./plain-name.ts";
import { useAddVersion } from "./use-uploads.ts";
import { useDelete } from "./use-delete.ts";

interface Props {
  /** `version`: which of a file is shown. */
  item: { kind: "file"; path: string; name: string; version: number } | { kind: "folder"; path: string; name: string };
  /** It is gone; the focus needs another place. */
  onDeleted: () => void;
}

/** What can be done with a file or a folder. */
export function FileMenu({ item, onDeleted }: Props) {
  const { kind, path, name } = item;
  const [open, setOpen] = useState<"rename" | "move" | "link" | null>(null);
  const [busy, setBusy] = useState(false);
  const fixed = isFixed(path);
  const picker = useRef<HTMLInputElement>(null);
  /** What a new version is for: the file may change while one is chosen. */
  const seen = useRef(0);
  const { move } = useFileActions();
  const remove = useDelete();
  const addVersion = useAddVersion();
  const toast = useToast();
  const close = () => setOpen(null);
  const destroy = async () => {
    setBusy(true);
    if (await remove(path, name)) onDeleted();
    else setBusy(false);
  };

  if (busy) return <MoreMenu name={name} busy width={220} />;
  return (
    <>
      <MoreMenu name={name} width={220}>
        {item.kind === "file" && (
          <>
            <Menu.Item component="a" href={contentAddress(path)} download={name} leftSection={<Icon name="download" size={16} />}>
              Download
            </Menu.Item>
            {!fixed && (
              <Menu.Item leftSection={<Icon name="link" size={16} />} onClick={() => setOpen("link")}>
                Share by a link
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<Icon name="upload" size={16} />}
              onClick={() => {
                seen.current = item.version;
                picker.current?.click();
              }}
            >
              Upload a new version
            </Menu.Item>
            {!fixed && <Menu.Divider />}
          </>
        )}
        {!fixed && (
          <>
            <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => setOpen("rename")}>
              Rename
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="folder" size={16} />} onClick={() => setOpen("move")}>
              Move
            </Menu.Item>
            <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => void destroy()}>
              Delete
            </Menu.Item>
          </>
        )}
      </MoreMenu>
      {kind === "file" && (
        <input
          ref={picker}
          type="file"
          hidden
          aria-label={`New version of ${name}`}
          onChange={(event) => {
            const file = event.currentTarget.files?.item(0);
            event.currentTarget.value = "";
            if (file) addVersion(path, file, seen.current);
          }}
        />
      )}
      {open === "rename" && (
        <NameDialog
          title="Rename"
          label={`Name of the ${kind}`}
          action="Rename"
          name={name}
          max={255}
          onSave={async (text) => move.mutateAsync({ from: path, to: inFolder(folderOf(path), plainName(text)) })}
          onClose={close}
        />
      )}
      {open === "move" && (
        <MoveDialog
          path={path}
          name={name}
          onMove={async (folder) => {
            await move.mutateAsync({ from: path, to: inFolder(folder, name) });
            toast(`${name} is in ${folderName(folder)} now.`);
          }}
          onClose={close}
        />
      )}
      {open === "link" && <LinkDialog path={path} name={name} onClose={close} />}
    </>
  );
}
