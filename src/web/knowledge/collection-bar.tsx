import { Menu } from "@mantine/core";
import { useState } from "react";
import { type CollectionView, useCollectionActions } from "../api/knowledge.ts";
import { counted } from "../lib/format.ts";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Icon } from "../ui/icons.tsx";
import { MoreMenu } from "../ui/more-menu.tsx";
import { NameDialog } from "../ui/name-dialog.tsx";
import { useAttempt } from "../ui/use-attempt.ts";

interface Props {
  collections: CollectionView[];
  /** Null: all; `none`: those in no collection. */
  chosen: string | null;
  onChoose: (collection: string | null) => void;
}

/** Which documents are shown, and the collections themselves: add one, rename one, delete one. */
export function CollectionBar({ collections, chosen, onChoose }: Props) {
  const [open, setOpen] = useState<"add" | "rename" | "delete" | null>(null);
  const { add, rename, remove } = useCollectionActions();
  const attempt = useAttempt();
  const here = collections.find(({ id }) => id === chosen);
  const close = () => setOpen(null);
  const chip = (id: string | null, name: string, count: number | null) => (
    <button key={id ?? "all"} type="button" className="chip" aria-pressed={chosen === id} onClick={() => onChoose(id)}>
      {name}
      {count !== null && <span>{count}</span>}
    </button>
  );
  return (
    <div className="chips" role="group" aria-label="Collections">
      {chip(null, "All", null)}
      {collections.map(({ id, name, documents }) => chip(id, name, documents))}
      {collections.length > 0 && chip("none", "No collection", null)}
      <button type="button" className="chip" onClick={() => setOpen("add")}>
        <Icon name="plus" size={15} /> New collection
      </button>
      {here && (
        <MoreMenu name={here.name} width={220} size={32}>
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => setOpen("rename")}>
            Rename
          </Menu.Item>
          <Menu.Item className="danger" leftSection={<Icon name="trash" size={16} />} onClick={() => setOpen("delete")}>
            Delete the collection…
          </Menu.Item>
        </MoreMenu>
      )}
      {open === "add" && (
        <NameDialog
          title="New collection"
          label="Name"
          action="Add"
          max={100}
          onSave={async (name) => onChoose((await add.mutateAsync(name)).id)}
          onClose={close}
        />
      )}
      {open === "rename" && here && (
        <NameDialog
          title="Rename the collection"
          label="Name"
          action="Rename"
          name={here.name}
          max={100}
          onSave={(name) => rename.mutateAsync({ id: here.id, name })}
          onClose={close}
        />
      )}
      {open === "delete" && here && (
        <ConfirmDialog
          title={`Delete ${here.name}?`}
          action="Delete the collection"
          onConfirm={() => {
            onChoose(null);
            void attempt(remove.mutateAsync(here.id), () => `${here.name} is deleted. Its documents stay.`);
          }}
          onClose={close}
        >
          <p>
            {here.documents === 0
              ? "It is empty."
              : `Its ${counted(here.documents, "document stays", "documents stay")}, in no collection.`}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
