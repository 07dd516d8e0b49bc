import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Stats } from "../../agent/shapes.ts";
import { useStats } from "../api/settings.ts";
import { cachedShare, compact, dollars } from "../lib/format.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Section } from "../ui/section.tsx";
import { DayBars } from "./day-bars.tsx";

/** What was used and what it cost. */
export function UsageSection() {
  const [days, setDays] = useState(30);
  const stats = useStats(days);
  return (
    <>
      <SegmentedControl
        style={{ alignSelf: "flex-start", marginBottom: 16 }}
        aria-label="Period"
        value={String(days)}
        onChange={(value) => setDays(Number(value))}
        data={[
          { value: "7", label: "7 days" },
          { value: "30", label: "30 days" },
          { value: "90", label: "90 days" },
        ]}
      />
      <QueryView query={stats}>
        {(data) => (
          <>
            <Totals stats={data} days={days} />
            <Section title="Budget" intro="Calls that would pass a cap are not made.">
              <Cap name="Today" spent={data.budget.day_spent_usd} cap={data.budget.day_cap_usd} />
              <Cap name="This month" spent={data.budget.month_spent_usd} cap={data.budget.month_cap_usd} />
            </Section>
            <Rows title="By model" rows={data.by_model.map((row) => ({ ...row, name: row.model }))} />
            <Rows title="By agent" rows={data.by_agent.map((row) => ({ ...row, name: row.agent }))} />
          </>
        )}
      </QueryView>
    </>
  );
}

function Totals({ stats, days }: { stats: Stats; days: number }) {
  const { total } = stats;
  return (
    <Section title={`Last ${days} days`}>
      <dl className="numbers">
        <div>
          <dt>Cost</dt>
          <dd>{dollars(total.cost_micro_usd)}</dd>
        </div>
        <div>
          <dt>Tokens in</dt>
          <dd>{compact(total.input_tokens)}</dd>
          {total.cached_input_tokens > 0 && (
            <dd className="number-note">
              {compact(total.cached_input_tokens)} cached, {cachedShare(total)}
            </dd>
          )}
        </div>
        <div>
          <dt>Tokens out</dt>
          <dd>{compact(total.output_tokens)}</dd>
        </div>
        <div>
          <dt>Model calls</dt>
          <dd>{compact(total.model_calls)}</dd>
        </div>
      </dl>
      <DayBars days={days} rows={stats.by_day} />
    </Section>
  );
}

function Cap({ name, spent, cap }: { name: string; spent: number; cap: number | null }) {
  const part = cap === null || cap === 0 ? 0 : Math.min(100, (spent / cap) * 100);
  return (
    <div>
      <div className="row" style={{ justifyContent: "space-between", paddingBottom: 6 }}>
        <span>{name}</span>
        <span className="dim">
          ${spent.toFixed(2)} {cap === null ? "spent, no cap" : `of $${cap.toFixed(2)}`}
        </span>
      </div>
      {cap !== null && (
        <div
          className="meter"
          role="meter"
          aria-label={`${name}, spent of the cap`}
          aria-valuemin={0}
          aria-valuemax={cap}
          aria-valuenow={spent}
        >
          <i style={{ width: `${part}%` }} />
        </div>
      )}
    </div>
  );
}

type Row = Stats["total"] & { name: string };

function Rows({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <Section title={title}>
      <table className="simple-table usage-table">
        <thead>
          <tr>
            <th scope="col">{title.slice(3, 4).toUpperCase() + title.slice(4)}</th>
            <th scope="col" className="number">
              Calls
            </th>
            <th scope="col" className="number">
              In
            </th>
            <th scope="col" className="number">
              Out
            </th>
            <th scope="col" className="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>{row.name}</td>
              <td className="number">{compact(row.model_calls)}</td>
              <td className="number">
                {compact(row.input_tokens)}
                {row.cached_input_tokens > 0 && <small>{cachedShare(row)} cached</small>}
              </td>
              <td className="number">{compact(row.output_tokens)}</td>
              <td className="number">{dollars(row.cost_micro_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
