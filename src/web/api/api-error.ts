import type { ErrorCode } from "../../errors.ts";

/** Codes of failures that never reached the API, or came from something in front of it. */
export type ClientErrorCode = ErrorCode | "offline" | "unexpected";

/** A refused request. `message` is a sentence for a person; `code` is the API's stable code. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(
    readonly code: ClientErrorCode,
    message: string,
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** A sentence about any failure, for places that show one. */
export function sayError(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return "Something went wrong on this page. Reload it and try again.";
}
