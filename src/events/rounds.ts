/** Work that runs once at a time: who asks for it while it runs gets one more round after it. */
export class Rounds {
  #running: Promise<void> | null = null;
  #again = false;

  /** `work` must not throw. */
  constructor(private readonly work: () => Promise<void>) {}

  run(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false;
      await this.work();
    } while (this.#again);
  }
}
