import { useSearchParams } from "wouter";
import { droppedFiles } from "../lib/dropped-files.ts";
import { folderOf } from "../../workspace/path.ts";
import { DropZone } from "../ui/drop-zone.tsx";
import { DeletedFiles } from "./deleted-files.tsx";
import { FilePage } from "./file-page.tsx";
import { folderName } from "./file-words.ts";
import { FolderPage } from "./folder-page.tsx";
import { placeOf } from "./file-places.ts";
import { SharedLinks } from "./shared-links.tsx";
import { TakenDialog } from "./taken-dialog.tsx";
import { UploadRows } from "./upload-rows.tsx";
import { AddVersionContext, type PickFiles, useUploads } from "./use-uploads.ts";

/** The user's files: folders, one file, links, and what was deleted. One page, so that uploads go on while one looks around. */
export default function FilesPage() {
  const [params] = useSearchParams();
  const uploads = useUploads();
  const place = placeOf(params);
  const folder = place.kind === "folder" ? place.path : place.kind === "file" ? folderOf(place.path) : "/";
  const addFiles = (pick: PickFiles) => void uploads.addFiles(pick, folder);
  const rows = <UploadRows items={uploads.items} onRetry={uploads.retry} onDismiss={uploads.dismiss} />;
  return (
    <AddVersionContext value={uploads.addVersion}>
      <DropZone label={`Drop to upload to ${folderName(folder)}`} onDrop={(dropped) => addFiles(() => droppedFiles(dropped))}>
        {place.kind === "folder" && <FolderPage path={place.path} onFiles={addFiles} uploads={rows} />}
        {place.kind === "file" && <FilePage key={place.path} path={place.path} uploads={rows} />}
        {place.kind === "links" && <SharedLinks uploads={rows} />}
        {place.kind === "deleted" && <DeletedFiles uploads={rows} />}
      </DropZone>
      {uploads.taken.length > 0 && <TakenDialog taken={uploads.taken} onDecide={uploads.decide} />}
    </AddVersionContext>
  );
}
