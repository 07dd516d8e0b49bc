import type { ReactNode } from "react";
import { useShares } from "../api/workspace.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { FilesTabs } from "./files-tabs.tsx";
import { LinkRows } from "./link-rows.tsx";

/** All links by which somebody can read a file now. */
export function SharedLinks({ uploads }: { uploads: ReactNode }) {
  const shares = useShares();
  return (
    <Page title="Files" intro="Links that work now. Whoever has one can read that one file until it ends.">
      <FilesTabs here="Links" />
      {uploads}
      <QueryView query={shares}>
        {(list) =>
          list.length === 0 ? (
            <div className="empty-page">
              <Icon name="link" size={36} />
              <h2>Nothing is shared</h2>
              <p>Open a file to make a link to it, for an hour up to 30 days.</p>
            </div>
          ) : (
            <LinkRows shares={list} named />
          )
        }
      </QueryView>
    </Page>
  );
}
