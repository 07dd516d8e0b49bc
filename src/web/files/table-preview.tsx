import { useMemo } from "react";
import { csvRows } from "./csv-rows.ts";

/** How much of a table is shown. */
const ROWS = 200;
const COLUMNS = 50;

interface Props {
  text: string;
  /** The text goes on. */
  cut: boolean;
  name: string;
}

/** CSV as a table: its first line is the head. */
export function TablePreview({ text, cut, name }: Props) {
  const { rows, more } = useMemo(() => csvRows(text, ROWS + 1), [text]);
  const [head = [], ...body] = rows;
  // Where the text ends in the middle of a line, that line is not shown.
  const whole = cut && !more ? body.slice(0, -1) : body;
  const width = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({ length: Math.min(width, COLUMNS) }, (_, index) => index);
  const left = [
    more || cut ? `These are the first ${whole.length} rows.` : null,
    width > COLUMNS ? `Of ${width} columns the first ${COLUMNS} are shown.` : null,
  ].filter((line) => line !== null);
  return (
    <div className="file-preview">
      {/* It scrolls, so it can be reached by keys. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="file-table" tabIndex={0} role="region" aria-label={`What is in ${name}`}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {head[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {whole.map((row, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column}>{row[column]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left.length > 0 && <p className="dim">{left.join(" ")} Download the file for all of it.</p>}
    </div>
  );
}
