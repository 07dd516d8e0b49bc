import { Button } from "@mantine/core";
import { useVersions } from "../api/versions.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { VersionRow } from "./version-row.tsx";

/** Every state that settings and standing permissions were in, with the way back. */
export function HistorySection() {
  const versions = useVersions();
  return (
    <Section
      title="History"
      intro="Every change of your settings and standing permissions, whoever made it. Going back is a change too, so it can be taken back as well."
    >
      <QueryView query={versions}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.versions);
          if (list.length === 0) return <p className="dim">Nothing was changed yet.</p>;
          // Going back to an earlier state makes that one look like the present one, too.
          const current = list.find((version) => version.current)?.version;
          return (
            <>
              <ul className="items">
                {list.map((version) => (
                  <VersionRow key={version.version} version={version} current={version.version === current} />
                ))}
              </ul>
              {versions.hasNextPage && (
                <div className="row">
                  <Button variant="default" size="xs" loading={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
                    Show earlier ones
                  </Button>
                </div>
              )}
            </>
          );
        }}
      </QueryView>
    </Section>
  );
}
