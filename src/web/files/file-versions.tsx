import { Button } from "@mantine/core";
import { contentAddress } from "../api/file-content.ts";
import { type FileView, useFileActions, useFileVersions } from "../api/workspace.ts";
import { useNow } from "../lib/use-now.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { useAttempt } from "../ui/use-attempt.ts";
import { versionFacts } from "./file-words.ts";
import { OutsideMark } from "./outside-mark.tsx";

interface Props {
  file: FileView;
  /** The version that is looked at. */
  shown: number;
  /** Null: the newest. */
  onShow: (version: number | null) => void;
}

/** How a file was before: look at it, download it, make it the newest. */
export function FileVersions({ file, shown, onShow }: Props) {
  const query = useFileVersions(file.path);
  const { restore } = useFileActions();
  const attempt = useAttempt();
  const now = useNow();
  const makeNewest = (version: number) =>
    attempt(
      restore.mutateAsync({ path: file.path, version }).then(() => onShow(null)),
      () => `${file.name} is as it was in version ${version} again.`,
    );
  return (
    <Section title="Versions" intro="The last 20 are kept, for 30 days.">
      <QueryView query={query} lines={1}>
        {(versions) => (
          <ul className="items" aria-label="Versions">
            {versions.map((one) => {
              const newest = one.version === file.version;
              return (
                <li key={one.version} aria-current={one.version === shown || undefined}>
                  <div className="item-text">
                    <b>
                      Version {one.version}
                      {newest ? ", the newest" : ""}
                    </b>
                    <span>{versionFacts(now, one)}</span> <OutsideMark from={one.untrusted} />
                  </div>
                  {one.version === shown ? (
                    <span className="tag">Shown</span>
                  ) : (
                    <Button
                      variant="default"
                      size="xs"
                      aria-label={`View version ${one.version}`}
                      onClick={() => onShow(newest ? null : one.version)}
                    >
                      View
                    </Button>
                  )}
                  {!newest && (
                    <>
                      <Button
                        component="a"
                        href={contentAddress(file.path, one.version)}
                        download={file.name}
                        variant="default"
                        size="xs"
                        aria-label={`Download version ${one.version}`}
                      >
                        Download
                      </Button>
                      <Button
                        variant="default"
                        size="xs"
                        aria-label={`Make version ${one.version} the newest`}
                        onClick={() => void makeNewest(one.version)}
                      >
                        Make it the newest
                      </Button>
                    </>
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </QueryView>
    </Section>
  );
}
