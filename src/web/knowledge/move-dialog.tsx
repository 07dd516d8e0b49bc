import { Button, Modal, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { type DocumentView, useCollections } from "../api/knowledge.ts";

interface Props {
  document: DocumentView;
  /** Null: into no collection. */
  onMove: (collection: string | null) => void;
  onClose: () => void;
}

/** Asks which collection a document belongs to. */
export function MoveDialog({ document, onMove, onClose }: Props) {
  const collections = useCollections().data ?? [];
  const [chosen, setChosen] = useState(document.collection_id ?? "");
  return (
    <Modal opened onClose={onClose} title="Move to a collection" centered closeButtonProps={{ "aria-label": "Close" }}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onMove(chosen === "" ? null : chosen);
          onClose();
        }}
      >
        <NativeSelect
          label={document.name}
          data-autofocus
          data={[{ value: "", label: "No collection" }, ...collections.map(({ id, name }) => ({ value: id, label: name }))]}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit">Move</Button>
        </div>
      </form>
    </Modal>
  );
}
