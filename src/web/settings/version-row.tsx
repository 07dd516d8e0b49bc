import { Button } from "@mantine/core";
import { useState } from "react";
import type { VersionView } from "../api/versions.ts";
import { channelName } from "../lib/channel-name.ts";
import { clock, dayName, fullTime } from "../lib/time.ts";
import { useNow } from "../lib/use-now.ts";
import { ChangeList } from "./change-list.tsx";
import { versionTitle } from "./field-name.ts";
import { RestoreDialog } from "./restore-dialog.tsx";

const AUTHORS: Record<VersionView["author"], string> = { user: "You", agent: "Margay", system: "The system" };

/** One state: who made it, when, what it changed, and the way back to it. */
export function VersionRow({ version, current }: { version: VersionView; current: boolean }) {
  const [asking, setAsking] = useState(false);
  const now = useNow();
  return (
    <li className="version">
      <div className="item-text">
        <b>{versionTitle(version)}</b>
        <span>
          {AUTHORS[version.author]}
          {version.channel !== null && version.channel !== "web" && ` by ${channelName(version.channel)}`},{" "}
          <time dateTime={new Date(version.at).toISOString()} title={fullTime(version.at)}>
            {dayName(now, version.at)}, {clock(version.at)}
          </time>
        </span>
      </div>
      {current && (
        <span className="tag" data-tone="good">
          now
        </span>
      )}
      {!version.current && (
        <Button variant="default" size="xs" aria-label={`Restore version ${version.version}`} onClick={() => setAsking(true)}>
          Restore
        </Button>
      )}
      {version.changes.length > 0 && <ChangeList changes={version.changes} />}
      {asking && <RestoreDialog version={version} onClose={() => setAsking(false)} />}
    </li>
  );
}
