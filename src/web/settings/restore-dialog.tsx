import { Button, Modal } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { useRestore, useWayBack, type VersionView } from "../api/versions.ts";
import { clock, dayName } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { useToast } from "../ui/toast.tsx";
import { ChangeList } from "./change-list.tsx";

/** Shows what going back would change before it does. Rendered while it is open. */
export function RestoreDialog({ version, onClose }: { version: VersionView; onClose: () => void }) {
  const way = useWayBack(version.version);
  const restore = useRestore();
  const toast = useToast();
  const now = useNow();
  const nothing = way.data !== undefined && way.data.length === 0;
  const go = () =>
    restore.mutate(version.version, {
      onSuccess: () => {
        onClose();
        toast("Restored.");
      },
    });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Back to ${dayName(now, version.at)}, ${clock(version.at)}?`}
      centered
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <div className="stack">
        <QueryView query={way} lines={1}>
          {(changes) =>
            nothing ? (
              <p>Everything is as it was then already.</p>
            ) : (
              <>
                <p>This would change, from now to then:</p>
                <ChangeList changes={changes} />
              </>
            )
          }
        </QueryView>
        {restore.isError && (
          <p className="error" role="alert">
            {sayError(restore.error)}
          </p>
        )}
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={way.data === undefined || nothing} loading={restore.isPending} onClick={go}>
            Restore
          </Button>
        </div>
      </div>
    </Modal>
  );
}
