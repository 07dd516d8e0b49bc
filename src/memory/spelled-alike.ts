/** Whether two words differ by no more than a slip of the finger: of their pairs of letters most are the same. */
export function spelledAlike(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length < 4 || b.length < 4) return false;
  const [first, second] = [pairsOf(a), pairsOf(b)];
  let shared = 0;
  const left = [...second];
  for (const pair of first) {
    const at = left.indexOf(pair);
    if (at === -1) continue;
    shared++;
    left.splice(at, 1);
  }
  return (2 * shared) / (first.length + second.length) >= 0.7;
}

const pairsOf = (word: string): string[] => Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2));
