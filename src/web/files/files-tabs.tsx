import { Link } from "wouter";
import { DELETED_HREF, LINKS_HREF } from "./file-places.ts";

const TABS = [
  { href: "/files", name: "Files" },
  { href: LINKS_HREF, name: "Links" },
  { href: DELETED_HREF, name: "Deleted" },
] as const;

/** The files, who may read which by a link, and what can be brought back. */
export function FilesTabs({ here }: { here: (typeof TABS)[number]["name"] }) {
  return (
    <nav className="sections" aria-label="Files">
      {TABS.map(({ href, name }) => (
        <Link key={href} href={href} aria-current={name === here ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
