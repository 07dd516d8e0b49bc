import { Menu } from "@mantine/core";
import { useRef, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { uploadFile } from "../api/files.ts";
import { type DocumentView, useCollections, useDocumentActions } from "../api/knowledge.ts";
import { safeLink } from "../lib/safe-link.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { useToast } from "../ui/toast.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { MoveDialog } from "./move-dialog.tsx";

interface Props {
  document: DocumentView;
  /** It is gone; the focus needs another place. */
  onDeleted: () => void;
}

/** What can be done with a document. */
export function DocumentMenu({ document, onDeleted }: Props) {
  const [open, setOpen] = useState<"rename" | "move" | "delete" | null>(null);
  const [busy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const { add, change, remove } = useDocumentActions();
  const collections = useCollections().data ?? [];
  const attempt = useAttempt();
  const toast = useToast();
  const { id, name } = document;
  const source = document.source_url === null ? null : safeLink(document.source_url);
  const close = () => setOpen(null);

  const replace = async (file: File) => {
    setBusy(true);
    try {
      const kept = await uploadFile(file, new AbortController().signal);
      const added = await add.mutateAsync({ key: kept.key, name: kept.name, mime: kept.mime, replaces: id });
      toast(added.documents.length === 0 ? "That file is the same as before, byte for byte." : "The new version is being read.");
    } catch (error) {
      toast(sayError(error), { tone: "error" });
    }
    setBusy(false);
  };
  const destroy = async () => {
    setBusy(true);
    try {
      await remove.mutateAsync(id);
      toast(`Deleted: ${name}`);
      onDeleted();
    } catch (error) {
      toast(sayError(error), { tone: "error" });
      setBusy(false);
    }
  };

  if (busy) return <MoreMenu name={name} busy width={230} />;
  return (
    <>
      <MoreMenu name={name} width={230}>
        <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => setOpen("rename")}>
          Rename
        </Menu.Item>
        {(collections.length > 0 || document.collection_id !== null) && (
          <Menu.Item leftSection={<Icon name="folder" size={16} />} onClick={() => setOpen("move")}>
            Move to a collection
          </Menu.Item>
        )}
        <Menu.Item
          component="a"
          href={`/api/v1/knowledge/documents/${encodeURIComponent(id)}/file`}
          download={name}
          leftSection={<Icon name="download" size={16} />}
        >
          Download the original
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="upload" size={16} />} onClick={() => picker.current?.click()}>
          Upload a new version
        </Menu.Item>
        {source !== null && (
          <Menu.Item
            component="a"
            href={source}
            target="_blank"
            rel="noopener noreferrer nofollow"
            leftSection={<Icon name="link" size={16} />}
          >
            Open where it is from
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => setOpen("delete")}>
          Delete…
        </Menu.Item>
      </MoreMenu>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={`New version of ${name}`}
        onChange={(event) => {
          const file = event.currentTarget.files?.item(0);
          event.currentTarget.value = "";
          if (file) void replace(file);
        }}
      />
      {open === "rename" && (
        <NameDialog
          title="Rename"
          label="Name of the document"
          action="Rename"
          name={name}
          max={255}
          onSave={(text) => change.mutateAsync({ id, fields: { name: text } })}
          onClose={close}
        />
      )}
      {open === "move" && (
        <MoveDialog
          document={document}
          onMove={(collection) =>
            void attempt(change.mutateAsync({ id, fields: { collection_id: collection } }), () => movedWords(collections, collection))
          }
          onClose={close}
        />
      )}
      {open === "delete" && (
        <ConfirmDialog title="Delete this document?" action="Delete for good" onConfirm={() => void destroy()} onClose={close}>
          <p>
            <b className="name">{name}</b> is deleted with everything that was read from it. Margay cannot use or cite it any more. This
            cannot be undone.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

const movedWords = (collections: { id: string; name: string }[], to: string | null): string =>
  to === null ? "It is in no collection now." : `Moved to ${collections.find(({ id }) => id === to)?.name ?? "the collection"}.`;
