import type { Budget, ModelCall, Reservation } from "../../src/models/budget.ts";

/** A budget in memory that refuses like the real one and shows what happened. */
export class MemoryBudget implements Budget {
  readonly calls: ModelCall[] = [];
  readonly reserved = new Map<string, number>();
  /** The largest sum of reservations and spending there ever was. */
  peak = 0;
  spent = 0;
  #count = 0;

  constructor(readonly cap: number = Number.POSITIVE_INFINITY) {}

  get open(): number {
    return [...this.reserved.values()].reduce((sum, value) => sum + value, 0);
  }

  reserve(microUsd: number): { ok: true; reservation: Reservation } | { ok: false; message: string } {
    if (this.spent + this.open + microUsd > this.cap) return { ok: false, message: "Today's spending limit is used up." };
    const id = `r${++this.#count}`;
    this.reserved.set(id, microUsd);
    this.peak = Math.max(this.peak, this.spent + this.open);
    return { ok: true, reservation: { id, microUsd } };
  }

  settle(call: ModelCall): void {
    if (call.reservationId !== null && !this.reserved.delete(call.reservationId)) throw new Error(`settled twice: ${call.reservationId}`);
    this.spent += call.chargedMicroUsd;
    this.calls.push(call);
  }
}
