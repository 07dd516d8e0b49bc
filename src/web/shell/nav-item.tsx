import { Link, useLocation } from "wouter";
import { Icon, type IconName } from "../ui/icons.tsx";

export interface Place {
  href: string;
  icon: IconName;
  label: string;
}

interface Props extends Place {
  count?: number | undefined;
  /** What the count is of; what waits stands out. */
  counts?: "open" | "waiting";
}

export const isHere = (path: string, href: string): boolean => (href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`));

/** A page, and whether one is there. */
export function NavItem({ href, icon, label, count, counts }: Props) {
  const [path] = useLocation();
  return (
    <Link href={href} className="nav-item" aria-current={isHere(path, href) ? "page" : undefined}>
      <Icon name={icon} />
      {label}
      {count !== undefined && count > 0 && (
        <span className="count" data-waiting={counts === "waiting" || undefined}>
          {count}
          <span className="sr"> {counts}</span>
        </span>
      )}
    </Link>
  );
}
