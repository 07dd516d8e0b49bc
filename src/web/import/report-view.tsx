import { Alert, Button } from "@mantine/core";
import { Link } from "wouter";
import type { ImportReport } from "../../import/shapes.ts";
import { sayError } from "../api/api-error.ts";
import { useImportReport, useRunImport } from "../api/imports.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { countsText, FORMAT_NAMES } from "./import-words.ts";
import { SkippedList } from "./skipped-list.tsx";

/** How an import stands, and what came of it. It goes on when the page is closed. */
export function ReportView({ id, onAnother }: { id: string; onAnother: () => void }) {
  const report = useImportReport(id);
  const run = useRunImport();
  return (
    <QueryView query={report}>
      {(data) => (
        <Section title={titleOf(data)} intro={`${FORMAT_NAMES[data.format]}.`}>
          <div role="status" className="import-report">
            {data.status === "running" && <Running progress={data.progress} />}
            {data.status === "done" && <Counts report={data} />}
            {data.status === "planned" && <p>It has not been begun.</p>}
          </div>
          {data.status === "failed" && (
            <>
              <Counts report={data} />
              <Alert color="red" variant="light" title="It did not get to its end" role="alert">
                {data.error?.message ?? "Something went wrong."} Trying again goes on where it stopped.
              </Alert>
            </>
          )}
          {data.status !== "running" && <SkippedList skipped={data.skipped} />}
          {run.isError && <p className="error">{sayError(run.error)}</p>}
          {data.status !== "running" && (
            <div className="row end">
              <Button variant="default" onClick={onAnother}>
                Import something else
              </Button>
              {data.status !== "done" && (
                <Button loading={run.isPending} onClick={() => run.mutate(id)}>
                  {data.status === "planned" ? "Import" : "Try again"}
                </Button>
              )}
            </div>
          )}
        </Section>
      )}
    </QueryView>
  );
}

const titleOf = ({ status }: ImportReport): string =>
  status === "done"
    ? "Your past is here"
    : status === "failed"
      ? "Not all of it is here"
      : status === "running"
        ? "Bringing it over …"
        : "Planned";

function Running({ progress }: { progress: number }) {
  const percent = Math.floor(progress * 100);
  return (
    <>
      <progress className="import-progress" aria-label="Progress of the import" max={100} value={percent} />
      <p className="dim">{percent} %. You can leave this page; it goes on by itself.</p>
    </>
  );
}

function Counts({ report: { added, known } }: { report: ImportReport }) {
  const [fresh, there] = [countsText(added), countsText(known)];
  return (
    <>
      <p>{fresh === "" ? "Nothing new was added." : `Added: ${fresh}.`}</p>
      {there !== "" && <p className="dim">Here already: {there}.</p>}
      {added.memory > 0 && (
        <p>
          <Link href="/memory">Look at what is remembered</Link>
        </p>
      )}
      {added.document > 0 && (
        <p>
          <Link href="/knowledge">Look at your documents</Link>
        </p>
      )}
      {added.conversation > 0 && <p className="dim">Imported conversations are found by Search, and by asking Margay about them.</p>}
    </>
  );
}
