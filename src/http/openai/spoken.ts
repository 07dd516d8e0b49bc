import type { TurnEvent } from "../../channels/events.ts";

/**
 * What has been said so far to a client that can only append. Steps follow each other as paragraphs. When a step starts over, what repeats the
 * text already sent is held back; when the second try says something else, it follows as a paragraph of its own.
 */
export class Spoken {
  #sent = "";
  /** Text of each step as sent, by step number. */
  readonly #steps = new Map<number, string>();
  #step: number | null = null;
  /** Sent text of the current step that a second try may repeat. */
  #repeat = "";
  #held = "";

  get text(): string {
    return this.#sent;
  }

  /** What to send for an event; empty: nothing. */
  take(event: TurnEvent): string {
    if (event.type === "step") {
      const released = this.#release();
      this.#step = event.step;
      this.#repeat = this.#steps.get(event.step) ?? "";
      return released;
    }
    if (event.type === "text") return this.#append(event.step, event.delta);
    if (event.type === "end") return this.#finish(event.text);
    return "";
  }

  #append(step: number, delta: string): string {
    if (step !== this.#step) {
      this.#step = step;
      this.#repeat = "";
    }
    if (this.#repeat !== "") {
      this.#held += delta;
      if (this.#repeat.startsWith(this.#held)) return "";
      const repeated = this.#held.startsWith(this.#repeat);
      const rest = repeated ? this.#held.slice(this.#repeat.length) : this.#held;
      this.#repeat = "";
      this.#held = "";
      return this.#say(step, rest, !repeated);
    }
    return this.#say(step, delta, !this.#steps.has(step) && this.#sent !== "");
  }

  #say(step: number, text: string, paragraph: boolean): string {
    this.#steps.set(step, (this.#steps.get(step) ?? "") + text);
    const said = paragraph ? `\n\n${text}` : text;
    this.#sent += said;
    return said;
  }

  /** A second try that ended inside the repeated text has nothing new. */
  #release(): string {
    this.#held = "";
    this.#repeat = "";
    return "";
  }

  /** The end has the whole reply: what of it was never streamed follows now. */
  #finish(whole: string): string {
    if (this.#sent === "") return (this.#sent = whole);
    if (!whole.startsWith(this.#sent)) return "";
    const rest = whole.slice(this.#sent.length);
    this.#sent = whole;
    return rest;
  }
}
