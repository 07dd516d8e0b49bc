import { useLocation } from "wouter";
import { Page } from "../ui/page.tsx";
import { ImportStart } from "./import-start.tsx";
import { ReportView } from "./report-view.tsx";

const INTRO = "What another assistant knows about you, what you talked about with it, and your notes.";

/** Brings along what one has elsewhere. One that was begun has an address of its own, so that it can be looked at again. */
export default function ImportPage({ id }: { id?: string | undefined }) {
  const [, navigate] = useLocation();
  return (
    <Page title="Bring your past" intro={INTRO}>
      {id === undefined ? (
        <ImportStart onStarted={(started) => navigate(`/import/${encodeURIComponent(started)}`)} />
      ) : (
        <ReportView key={id} id={id} onAnother={() => navigate("/import")} />
      )}
    </Page>
  );
}
