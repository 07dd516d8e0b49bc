import { Button } from "@mantine/core";
import { useState } from "react";
import { type Listing, MOST_LISTED, useListing } from "../api/workspace.ts";
import { counted } from "../lib/format.ts";
import { QueryView } from "../ui/query-view.tsx";
import { FileRow } from "./file-row.tsx";
import { FolderRow } from "./folder-row.tsx";
import { NoFiles } from "./no-files.tsx";
import { NearlyFull, RoomLeft } from "./room-left.tsx";

interface Props {
  path: string;
  /** Empty: what is in the folder; else what fits at any depth below it. */
  search: string;
  onDeleted: () => void;
}

/** How many are shown at first. */
const FIRST = 200;

/** Folders, then files; while something is looked for, the files that fit. */
export function FolderList({ path, search, onDeleted }: Props) {
  const [limit, setLimit] = useState(FIRST);
  const query = useListing({ path, search, limit });
  return (
    <QueryView query={query}>
      {(listing) => (
        <>
          <NearlyFull usage={listing.usage} />
          {/* What is always there is no reason to say nothing. */}
          {path === "/" && search === "" && listing.usage.files === 0 && <NoFiles />}
          {/* While the next list is on its way the one before stays; that there is nothing is said of what was read. */}
          {(!query.isPlaceholderData || listing.files.length + listing.folders.length > 0) && (
            <Found listing={listing} path={path} search={search} onDeleted={onDeleted} />
          )}
          {listing.more && (
            <div className="row more">
              {limit < MOST_LISTED ? (
                <Button variant="default" loading={query.isFetching} onClick={() => setLimit(MOST_LISTED)}>
                  Show more
                </Button>
              ) : (
                <p className="dim">There are more. Search for what you need.</p>
              )}
            </div>
          )}
          <RoomLeft usage={listing.usage} />
        </>
      )}
    </QueryView>
  );
}

function Found({ listing, path, search, onDeleted }: Props & { listing: Listing }) {
  const { folders, files } = listing;
  if (folders.length + files.length === 0) {
    if (search !== "")
      return (
        <p className="nothing">
          No file {path === "/" ? "" : "in this folder "}fits “{search}”.
        </p>
      );
    return <p className="nothing">Nothing is in here yet. Upload something, and the folder stays.</p>;
  }
  return (
    <>
      {search !== "" && (
        <p className="sr" role="status">
          {counted(files.length, "file")} found
        </p>
      )}
      <ul className="docs" aria-label={search === "" ? "Files and folders" : "Found files"}>
        {folders.map((folder) => (
          <FolderRow key={folder.path} folder={folder} onDeleted={onDeleted} />
        ))}
        {files.map((file) => (
          <FileRow key={file.id} file={file} found={search !== ""} onDeleted={onDeleted} />
        ))}
      </ul>
    </>
  );
}
