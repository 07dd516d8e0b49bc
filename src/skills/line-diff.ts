/** One line of a comparison. `gap`: so many equal lines are left out here. */
export type DiffLine = { kind: "same" | "added" | "removed"; text: string } | { kind: "gap"; lines: number };

/** Equal lines that are shown around a change. */
const AROUND = 3;
/** Pairs of lines that are compared at most: a text that differs by more is shown as removed and added whole. */
const MOST_PAIRS = 4_000_000;

/** What differs between two texts, line by line, with a few equal lines around. Empty: nothing does. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "same", text }));
  return withGaps([
    ...same(old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(old.slice(old.length - end)),
  ]);
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/u, "").split("\n"));

/** The part that differs: the longest lines in common stay, what is before them on either side goes and comes. */
function middle(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "removed", text }));
  const added = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: "added", text }));
  if (old.length === 0 || now.length === 0 || old.length * now.length > MOST_PAIRS) return [...removed(old), ...added(now)];
  const width = now.length + 1;
  // How many lines what is left of both has in common.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: "same", text: old[i] ?? "" });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ kind: "removed", text: old[i++] ?? "" });
    else lines.push({ kind: "added", text: now[j++] ?? "" });
  }
  return [...lines, ...removed(old.slice(i)), ...added(now.slice(j))];
}

function withGaps(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length);
  for (const [index, { kind }] of lines.entries())
    if (kind !== "same") near.fill(1, Math.max(0, index - AROUND), Math.min(lines.length, index + AROUND + 1));
  const shown: DiffLine[] = [];
  let left = 0;
  for (const [index, line] of lines.entries()) {
    if (near[index] === 0) {
      left++;
      continue;
    }
    if (left > 0) shown.push({ kind: "gap", lines: left });
    left = 0;
    shown.push(line);
  }
  if (left > 0 && shown.length > 0) shown.push({ kind: "gap", lines: left });
  return shown;
}
