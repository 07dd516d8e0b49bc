import { FileRef } from "../../channels/message.ts";
import { ApiError } from "./api-error.ts";
import { upload } from "./client.ts";

/** Keeps a file for the next message. Rejects with an ApiError. */
export async function uploadFile(file: File, signal: AbortSignal): Promise<FileRef> {
  const answer = await upload<unknown>("/api/v1/files", file, signal);
  const parsed = FileRef.safeParse(answer);
  if (!parsed.success) throw new ApiError("unexpected", "The file was not stored. Try again.", 0);
  return parsed.data;
}
