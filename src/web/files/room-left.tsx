import { Alert } from "@mantine/core";
import type { WorkspaceUsage } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { NEARLY, usageWords, usedShare } from "./file-words.ts";

/** How much room is used, quietly. */
export function RoomLeft({ usage }: { usage: WorkspaceUsage }) {
  const percent = Math.round(usedShare(usage) * 100);
  if (usage.bytes === 0) return null;
  return (
    <div className="room-left" data-nearly={usedShare(usage) >= NEARLY || undefined}>
      <div className="meter" role="meter" aria-label="Room used" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        <i style={{ width: `${Math.max(1, percent)}%` }} />
      </div>
      <p className="dim">
        {usageWords(usage)}, {counted(usage.files, "file")}. Earlier versions and deleted files count too.
      </p>
    </div>
  );
}

/** A line where files nearly do not fit any more. */
export function NearlyFull({ usage }: { usage: WorkspaceUsage }) {
  if (usedShare(usage) < NEARLY) return null;
  return (
    <Alert
      color="red"
      variant="light"
      title={usedShare(usage) >= 1 ? "Your files are full" : "Your files are nearly full"}
      className="nearly-full"
    >
      {usageWords(usage)}. Delete what you do not need. When something new does not fit, earlier versions and deleted files make room, the
      oldest first.
    </Alert>
  );
}
