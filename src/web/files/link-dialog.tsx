import { Button, Modal, SegmentedControl } from "@mantine/core";
import { useId, useState } from "react";
import { sayError } from "../api/api-error.ts";
import { type ShareView, useFileActions } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { ShownOnce } from "../ui/shown-once.tsx";
import { linkAddress, untilWords } from "./file-words.ts";

const TIMES = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "7 days" },
  { value: "720", label: "30 days" },
];

interface Props {
  path: string;
  name: string;
  onClose: () => void;
}

/** Makes a link to a file. Rendered while it is open. */
export function LinkDialog({ path, name, onClose }: Props) {
  const [hours, setHours] = useState("24");
  const [made, setMade] = useState<ShareView | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { share } = useFileActions();
  const now = useNow();
  const label = useId();
  const make = async () => {
    setError(null);
    try {
      setMade(await share.mutateAsync({ path, hours: Number(hours) }));
    } catch (failure) {
      setError(sayError(failure));
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Share ${name}`} centered closeButtonProps={{ "aria-label": "Close" }}>
      <div className="stack">
        {made === null ? (
          <>
            <p>Whoever has the link can read this file, as it is then, without signing in. You can take it back at any time.</p>
            <div>
              <p id={label} className="link-times">
                How long it works
              </p>
              <SegmentedControl fullWidth aria-labelledby={label} data={TIMES} value={hours} onChange={setHours} />
            </div>
            <p className="form-error" role="alert">
              {error}
            </p>
            <div className="row end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button loading={share.isPending} onClick={() => void make()}>
                Make a link
              </Button>
            </div>
          </>
        ) : (
          <>
            <ShownOnce label={`${untilWords(now, made)}.`} value={linkAddress(made)} />
            <div className="row end">
              <Button data-autofocus onClick={onClose}>
                Done
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}
