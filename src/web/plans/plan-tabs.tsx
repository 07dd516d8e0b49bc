import { Link } from "wouter";

const TABS = [
  { href: "/plans", name: "Plans" },
  { href: "/plans/playbooks", name: "Playbooks" },
] as const;

/** Plans, and what they can be made from. */
export function PlanTabs({ here }: { here: (typeof TABS)[number]["href"] }) {
  return (
    <nav className="sections" aria-label="Plans">
      {TABS.map(({ href, name }) => (
        <Link key={href} href={href} aria-current={href === here ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
