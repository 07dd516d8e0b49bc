import { Icon } from "../ui/icons.tsx";

/** Before the first file: what files are for and how they come. */
export function NoFiles() {
  return (
    <div className="empty-page empty-drop">
      <Icon name="folder" size={36} />
      <h2>No files yet</h2>
      <p>
        Reports, tables, notes and pictures that you and Margay work on. Upload some, drop them here, or ask Margay in the chat to write
        one. What you attach to a message is kept in the folder uploads.
      </p>
    </div>
  );
}
