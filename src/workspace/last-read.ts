/** Characters that are kept, up to two bytes each: the objects of many users may share the memory. */
const MOST = 1_000_000;

/**
 * What was read last, so that who reads a long file part by part does not fetch and parse the whole of it for each part. It is kept in memory only, and one at a time. The name given to a text must stand for the
 * very bytes that it was read from.
 */
export class LastRead<Read extends { text: string }> {
  #last: { name: string; read: Read } | null = null;

  async of(name: string, read: () => Promise<Read>): Promise<Read> {
    if (this.#last?.name === name) return this.#last.read;
    const made = await read();
    if (made.text.length <= MOST) this.#last = { name, read: made };
    return made;
  }
}
