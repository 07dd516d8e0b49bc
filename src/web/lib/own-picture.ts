import { contentAddress } from "../api/file-content.ts";

const PICTURE = /\.(?:png|jpe?g|gif|webp|avif)$/iu;

/** Where the bytes of one of the user's own pictures are, from its path (`/outputs/a.jpg`); null: it is no picture. */
export const ownPicture = (path: string): string | null => (path.startsWith("/") && PICTURE.test(path) ? contentAddress(path) : null);

const FILE = "/files?file=";

/** The path of a file, from its place in this page (`/files?file=/outputs/a.jpg`); null: it is another place. */
export function pathOfPlace(place: string): string | null {
  if (!place.startsWith(FILE)) return null;
  try {
    return decodeURIComponent(place.slice(FILE.length));
  } catch {
    return null;
  }
}
