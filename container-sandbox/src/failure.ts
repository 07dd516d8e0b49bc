import { SANDBOX_ERRORS, type SandboxErrorCode } from "../../src/sandbox/linux/contract.ts";

/** An expected refusal: a stable code and a sentence for people. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: SandboxErrorCode;
  constructor(code: SandboxErrorCode, message: string) {
    super(message);
    this.code = code;
  }
  get status(): (typeof SANDBOX_ERRORS)[SandboxErrorCode] {
    return SANDBOX_ERRORS[this.code];
  }
}

export const ENDED_SESSION = (): Failure =>
  new Failure("gone", "This Linux session has ended, and what was in it is gone. Begin a new one.");
