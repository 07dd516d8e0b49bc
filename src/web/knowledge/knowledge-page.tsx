import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { useCollections } from "../api/knowledge.ts";
import { DropZone } from "../ui/drop-zone.tsx";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { AddDocuments } from "./add-documents.tsx";
import { CollectionBar } from "./collection-bar.tsx";
import { DocumentList } from "./document-list.tsx";
import { SearchResults } from "./search-results.tsx";
import { UploadList } from "./upload-list.tsx";
import { useUploads } from "./use-uploads.ts";

/** The documents that the user gave: add, find, sort, take away. */
export default function KnowledgePage() {
  const [params, setParams] = useSearchParams();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 300);
  const field = useRef<HTMLInputElement>(null);
  const collections = useCollections();
  const uploads = useUploads();
  const chosen = params.get("collection");
  // What is added while a collection is looked at belongs there.
  const target = chosen === null || chosen === "none" ? {} : { collection_id: chosen };
  const addFiles = (files: File[]) => uploads.addFiles(files, target);

  return (
    <DropZone label="Drop to add" onFiles={addFiles}>
      <Page title="Knowledge" intro="Documents for Margay to look things up in. Answers say where each part is from.">
        <AddDocuments onFiles={addFiles} onAddress={(url) => uploads.addAddress(url, target)} />
        <UploadList items={uploads.items} onRetry={uploads.retry} onDismiss={uploads.dismiss} />
        <TextInput
          ref={field}
          aria-label="Search your documents"
          placeholder="Search your documents"
          type="search"
          maxLength={200}
          leftSection={<Icon name="search" size={17} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <CollectionBar
          collections={collections.data ?? []}
          chosen={chosen}
          onChoose={(collection) => setParams(collection === null ? {} : { collection })}
        />
        {search === "" ? (
          <DocumentList collection={chosen} collections={collections.data ?? []} onDeleted={() => field.current?.focus()} />
        ) : (
          <SearchResults search={search} collection={chosen} />
        )}
      </Page>
    </DropZone>
  );
}
