import { MargayError } from "../../errors.ts";
import { filePath } from "../../workspace/path.ts";
import { ApiError } from "../api/api-error.ts";

/** A name of one file or folder. Throws an ApiError with what is wrong about it. */
export function plainName(text: string): string {
  const name = text.trim();
  if (name.includes("/")) throw new ApiError("invalid_request", "A name cannot hold a slash. To put it into another folder, move it.", 0);
  try {
    filePath(name);
  } catch (error) {
    if (error instanceof MargayError)
      throw new ApiError(error.code, error.message.replace("This path", "This name").replace(/ A path is like.*$/u, ""), 0);
    throw error;
  }
  return name.normalize("NFC");
}
