/** Work that is asked for within a transaction and done once after it, however often it was asked for: what was written may yet be undone. */
export function afterwards(work: () => void, background: (work: Promise<unknown>) => void): () => void {
  let waiting = false;
  const later = async (): Promise<void> => {
    await Promise.resolve();
    waiting = false;
    work();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    background(later());
  };
}
