import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { Icon } from "../ui/icons.tsx";
import { asAddress } from "./document-words.ts";

interface Props {
  onFiles: (files: File[]) => void;
  onAddress: (url: string) => void;
}

/** The ways in: files from this device, or an address. */
export function AddDocuments({ onFiles, onAddress }: Props) {
  const picker = useRef<HTMLInputElement>(null);
  const [linking, setLinking] = useState(false);
  return (
    <div className="add-documents">
      <div className="row">
        <Button leftSection={<Icon name="upload" size={18} />} onClick={() => picker.current?.click()}>
          Upload files
        </Button>
        <Button variant="default" leftSection={<Icon name="link" size={18} />} aria-expanded={linking} onClick={() => setLinking(!linking)}>
          Add a link
        </Button>
        <span className="dim add-drop">or drop files anywhere here</span>
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          if (files.length > 0) onFiles(files);
        }}
      />
      {linking && (
        <LinkForm
          onAdd={(url) => {
            setLinking(false);
            onAddress(url);
          }}
          onClose={() => setLinking(false)}
        />
      )}
      <p className="dim">
        PDF, Word, Excel, PowerPoint, LibreOffice, RTF, e-books (EPUB), Markdown, text, web pages, CSV, JSON, email, pictures, and ZIP files
        of these.
      </p>
    </div>
  );
}

function LinkForm({ onAdd, onClose }: { onAdd: (url: string) => void; onClose: () => void }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  return (
    <form
      className="link-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const url = asAddress(text);
        if (url === null) setWrong(true);
        else onAdd(url);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <TextInput
        aria-label="Address of a page or a file"
        placeholder="https://example.com/handbook.pdf"
        type="url"
        inputMode="url"
        autoFocus
        maxLength={2_000}
        error={wrong ? "That is not the address of a page. It looks like https://example.com/page." : null}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(false);
        }}
      />
      <Button type="submit" aria-disabled={text.trim() === ""}>
        Add
      </Button>
    </form>
  );
}
