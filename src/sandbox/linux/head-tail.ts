/** Keeps the beginning and the end of a long text as it comes in pieces; what is between goes. */
export class HeadTail {
  #head = "";
  #tail = "";
  #length = 0;

  /** `head`, `tail`: characters that are kept of each. */
  constructor(
    private readonly head: number,
    private readonly tail: number,
  ) {}

  add(text: string): void {
    this.#length += text.length;
    const room = this.head - this.#head.length;
    this.#head += text.slice(0, Math.max(0, room));
    if (text.length <= room) return;
    const more = this.#tail + text.slice(Math.max(0, room));
    this.#tail = more.length > this.tail ? more.slice(-this.tail) : more;
  }

  /** The text, with a line where something was left out. */
  text(): string {
    const left = this.#length - this.#head.length - this.#tail.length;
    if (left <= 0) return (this.#head + this.#tail).toWellFormed();
    return `${this.#head.toWellFormed()}\n[… ${left.toLocaleString("en")} characters left out …]\n${this.#tail.toWellFormed()}`;
  }
}
