import { Button, Modal } from "@mantine/core";
import { nameOf } from "../../workspace/path.ts";
import type { TakenChoice, TakenFile } from "./use-uploads.ts";

interface Props {
  taken: TakenFile[];
  onDecide: (choice: TakenChoice) => void;
}

/** How many names are told. */
const FEW = 5;

/** Asks what becomes of files whose names are there already. Rendered while it is open. */
export function TakenDialog({ taken, onDecide }: Props) {
  const one = taken.length === 1 ? taken[0] : undefined;
  const title = one ? `${nameOf(one.path)} is there already` : `${taken.length} of these are there already`;
  return (
    <Modal opened onClose={() => onDecide("none")} title={title} centered closeButtonProps={{ "aria-label": "Close" }}>
      <div className="stack">
        {!one && (
          <ul className="taken-names">
            {taken.slice(0, FEW).map(({ path }) => (
              <li key={path}>{path.slice(1)}</li>
            ))}
            {taken.length > FEW && <li>and {taken.length - FEW} more</li>}
          </ul>
        )}
        <p>
          {one
            ? `Replace it with the new one, or keep both? What is there now stays as its earlier version. The other would be called ${nameOf(one.beside)}.`
            : "Replace them with the new ones, or keep both? What is there now stays as earlier versions."}
        </p>
        <div className="row end">
          <Button variant="default" onClick={() => onDecide("none")}>
            {one ? "Cancel" : "Leave them out"}
          </Button>
          <Button variant="default" onClick={() => onDecide("both")}>
            Keep both
          </Button>
          <Button data-autofocus onClick={() => onDecide("version")}>
            Replace
          </Button>
        </div>
      </div>
    </Modal>
  );
}
