import { fileHref, namedPath } from "../../workspace/named-path.ts";

/** Where a file is on this page that a text in a folder names by its way from there (`chart.png`, `../data/sums.csv`); null: it is no such way. */
export function fileBeside(href: string, folder: string): string | null {
  if (href === "" || /^(?:[a-z][a-z0-9+.-]*:|[/?#\\])/iu.test(href)) return null;
  let plain: string;
  try {
    plain = decodeURIComponent(href.replace(/[?#].*$/u, ""));
  } catch {
    return null;
  }
  const names = folder.split("/").filter((name) => name !== "");
  for (const name of plain.split("/")) {
    if (name === "..") {
      if (names.pop() === undefined) return null;
    } else if (name !== "" && name !== ".") names.push(name);
  }
  return names.length === 0 ? null : fileHref(`/${names.join("/")}`);
}

/** Where a file is on this page, from its path as an answer names it (`/outputs/a.md`, also percent-encoded, as in a link); null: it is no such path. */
export function ownFile(path: string): string | null {
  const named = namedPath(path);
  return named === null ? null : fileHref(named);
}
