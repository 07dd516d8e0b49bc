import { Button } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { type AuditFilters, exportPath, useVerifyAudit } from "../api/audit.ts";
import { fullTime } from "../lib/time.ts";
import { findings } from "./entry-words.ts";

/** Whether anybody has tampered with the trail, and what is shown of it as a file. */
export function TrailCheck({ filters }: { filters: AuditFilters }) {
  const verify = useVerifyAudit();
  const found = verify.data && findings(verify.data, fullTime);
  return (
    <div className="trail">
      <div className="row">
        <Button variant="default" size="xs" loading={verify.isPending} onClick={() => verify.mutate()}>
          Check the trail
        </Button>
        <Button component="a" href={exportPath(filters, "csv")} download variant="default" size="xs">
          Export CSV
        </Button>
        <Button component="a" href={exportPath(filters, "json")} download variant="default" size="xs">
          Export JSON
        </Button>
        <span className="dim">An export holds what is shown below, and what comes before it.</span>
      </div>
      <div role="status">
        {found && (
          <p className="result-note" data-tone={found.good ? undefined : "bad"}>
            {found.text}
          </p>
        )}
        {verify.isError && <p className="error">{sayError(verify.error)}</p>}
      </div>
    </div>
  );
}
