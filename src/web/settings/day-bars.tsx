import type { Stats } from "../../agent/shapes.ts";
import { compact, dollars } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";

const DAY = 86_400_000;

/** One bar a day: cost where there was any, else tokens. A table says the same to screen readers. */
export function DayBars({ days, rows }: { days: number; rows: Stats["by_day"] }) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const now = useNow();
  const names = Array.from({ length: days }, (_, index) => new Date(now - (days - 1 - index) * DAY).toISOString().slice(0, 10));
  const tokens = (day: string) => {
    const row = byDay.get(day);
    return row ? row.input_tokens + row.output_tokens : 0;
  };
  const cost = (day: string) => byDay.get(day)?.cost_micro_usd ?? 0;
  const byCost = names.some((day) => cost(day) > 0);
  const value = byCost ? cost : tokens;
  const most = Math.max(1, ...names.map(value));
  return (
    <figure className="stack">
      <ul className="bars" aria-hidden="true">
        {names.map((day) => (
          <li key={day} title={`${day}: ${dollars(cost(day))}, ${compact(tokens(day))} tokens`}>
            {value(day) > 0 && <i style={{ height: `${Math.max(2, (value(day) / most) * 100)}%` }} />}
          </li>
        ))}
      </ul>
      <figcaption className="bar-ends">
        <span>{names[0]}</span>
        <span>{byCost ? "dollars a day" : "tokens a day"}</span>
        <span>today</span>
      </figcaption>
      <table className="sr">
        <caption>Use by day</caption>
        <tbody>
          {rows.map((row) => (
            <tr key={row.day}>
              <th scope="row">{row.day}</th>
              <td>{dollars(row.cost_micro_usd)}</td>
              <td>{row.input_tokens + row.output_tokens} tokens</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
