import { Button } from "@mantine/core";
import { sayError } from "../api/api-error.ts";
import { type ConnectionReport, type EndpointInput, useTestProvider } from "../api/models.ts";
import { modelRef } from "./provider-catalog.ts";

interface Props {
  input: EndpointInput;
  disabled?: boolean;
  onModels: (models: string[]) => void;
}

/** Tries a connection and says what came of it. */
export function TestButton({ input, disabled = false, onModels }: Props) {
  const test = useTestProvider();
  const run = () =>
    test.mutate(input, { onSuccess: (report) => onModels(report.models.map((model) => modelRef(input.provider, input.endpoint, model))) });
  return (
    <>
      <Button variant="default" size="xs" type="button" onClick={run} loading={test.isPending} disabled={disabled}>
        Test connection
      </Button>
      <div role="status" className="status">
        {test.isError && (
          <p className="result-note" data-tone="bad">
            {sayError(test.error)}
          </p>
        )}
        {test.data && <Report report={test.data} />}
      </div>
    </>
  );
}

function Report({ report }: { report: ConnectionReport }) {
  return (
    <p className="result-note" data-tone={report.ok ? "good" : "bad"}>
      {report.message}
      {report.ok && ` Answered in ${Math.round(report.latency_ms)} ms.`}
      {report.models.length > 0 && ` Models: ${report.models.slice(0, 8).join(", ")}${report.models.length > 8 ? " and more" : ""}.`}
    </p>
  );
}
