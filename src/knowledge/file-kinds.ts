import { endingOf, formatOfMime, formatOfName } from "./formats.ts";

const PICTURES = new Set("png jpg jpeg gif webp avif heic bmp tiff svg".split(" "));

/** The media type of a file that nobody told one of. */
export function mimeOf(name: string): string {
  const ending = endingOf(name);
  return PICTURES.has(ending) ? `image/${ending}` : (formatOfName(name)?.mime ?? "application/octet-stream");
}

/** Whether a file is taken into knowledge by itself when it comes with a message. */
export const isDocumentFile = ({ name, mime }: { name: string; mime: string }): boolean =>
  !mime.startsWith("image/") && (formatOfName(name) !== undefined || formatOfMime(mime) !== undefined || mime.startsWith("text/"));

/** Whether it is worth looking whether a file is a zip of documents. */
export const mayBeArchive = ({ name, mime }: { name: string; mime: string }): boolean =>
  endingOf(name) === "zip" || ((mime === "application/zip" || mime === "application/x-zip-compressed") && endingOf(name) === "");

/** What the model is told of a file that came with a message, beside its name: empty where there is nothing to say. */
export const fileNote = (file: { name: string; mime: string; deleted?: boolean | undefined }): string =>
  file.deleted === true ? "deleted" : isDocumentFile(file) ? "read it with read_document" : "";
