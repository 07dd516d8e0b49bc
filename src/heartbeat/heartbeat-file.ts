import { MargayError } from "../errors.ts";
import type { SpecialFile } from "../workspace/special-file.ts";
import type { Writer } from "../workspace/workspace-deps.ts";

export const HEARTBEAT_PATH = "/HEARTBEAT.md";
/** The longest text of the setting, characters. */
const MOST = 4_000;

export interface HeartbeatFileDeps {
  text(): string;
  updatedAt(): number;
  /** Writes the setting, as a version of the configuration. */
  change(text: string, author: Writer["author"]): void;
}

/** `HEARTBEAT.md` among the user's files: the setting that says what is worth interrupting them for. What has read content from outside does not write it: it says what is done by itself. */
export const heartbeatFile = ({ text, updatedAt, change }: HeartbeatFileDeps): SpecialFile => ({
  path: HEARTBEAT_PATH,
  text,
  updatedAt,
  write(next, { author, untrusted }) {
    if (author === "agent" && untrusted !== null)
      throw new MargayError(
        "forbidden",
        "HEARTBEAT.md says what I do by myself, so I leave it alone where I have read content from outside. Ask for it in a conversation of its own (/new), or change it under Settings → Looks by itself.",
      );
    if (next.length > MOST)
      throw new MargayError("invalid_request", `HEARTBEAT.md may have at most ${MOST.toLocaleString("en")} characters.`);
    if (next !== text()) change(next, author);
  },
});
