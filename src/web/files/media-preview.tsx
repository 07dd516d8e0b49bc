import { useState } from "react";
import { contentAddress } from "../api/file-content.ts";
import type { FileView } from "../api/workspace.ts";

interface Props {
  file: FileView;
  version: number;
  kind: "sound" | "film";
}

/** Sound and films, played by the browser where it can; nothing of them is loaded before that but their length. */
export function MediaPreview({ file, version, kind }: Props) {
  const [broken, setBroken] = useState(false);
  if (broken) return <p className="nothing file-nothing">This browser cannot play it. Download it to open it.</p>;
  const common = {
    src: contentAddress(file.path, version),
    controls: true,
    preload: "metadata",
    "aria-label": file.name,
    onError: () => setBroken(true),
  };
  return (
    <div className="file-media">
      {/* Whatever people upload: there are no captions to it. */}
      {/* eslint-disable-next-line jsx-a11y/media-has-caption */}
      {kind === "sound" ? <audio {...common} /> : <video {...common} playsInline />}
    </div>
  );
}
