import { Link } from "wouter";
import { useModelNow } from "../api/models.ts";
import { type Me, useSignOut } from "../api/me.ts";
import { useTodos } from "../api/todos.ts";
import { useSession, useWaitingCount } from "../chat/use-chat.ts";
import { Icon, Logo } from "../ui/icons.tsx";
import { NavItem } from "./nav-item.tsx";
import { NavMore } from "./nav-more.tsx";
import { NextUp } from "./next-up.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

interface Props {
  me: Me;
  onNew: () => void;
  onSearch: () => void;
}

/** Where one can go, what comes next, who one is. The same on a wide screen and in the drawer of a phone. */
export function Sidebar({ me, onNew, onSearch }: Props) {
  const open = useTodos("open");
  const waiting = useWaitingCount(useSession());
  const signOut = useSignOut();
  return (
    <>
      <Link href="/" className="brand">
        <Logo size={30} />
        Margay
      </Link>
      <div className="side-actions">
        <button type="button" className="side-button strong" onClick={onNew}>
          <Icon name="plus" /> New conversation
        </button>
        <button type="button" className="side-button" onClick={onSearch}>
          <Icon name="search" /> Search <kbd>{KEY}</kbd>
        </button>
      </div>
      <nav aria-label="Pages">
        <NavItem href="/" icon="chat" label="Chat" />
        <NavItem href="/todos" icon="todo" label="To-dos" count={open.data?.length} counts="open" />
        <NavItem href="/schedules" icon="clock" label="Schedules" />
        <NavItem href="/tasks" icon="layers" label="Tasks" />
        <NavItem href="/plans" icon="route" label="Plans" />
        <NavItem href="/memory" icon="memory" label="Memory" />
        <NavItem href="/knowledge" icon="book" label="Knowledge" />
        <NavItem href="/files" icon="folder" label="Files" />
        <NavItem href="/skills" icon="spark" label="Skills" />
        <NavItem href="/approvals" icon="shield" label="Approvals" count={waiting} counts="waiting" />
        <NavItem href="/settings" icon="settings" label="Settings" />
        <NavMore
          places={[
            { href: "/listeners", icon: "bolt", label: "Events" },
            { href: "/activity", icon: "activity", label: "Activity" },
            ...(me.role === "user" ? [] : [{ href: "/owner", icon: "people", label: "People" } as const]),
          ]}
        />
      </nav>
      <NextUp />
      <div className="side-foot">
        <ModelNow />
        <div className="who">
          <span className="who-name" title={me.email}>
            {me.name === "" ? me.email : me.name}
          </span>
          <button type="button" className="quiet" onClick={() => signOut.mutate()}>
            Sign out
          </button>
        </div>
        <ThemeSwitch />
      </div>
    </>
  );
}

const KEY = /Mac|iPhone|iPad/u.test(navigator.userAgent) ? "⌘K" : "Ctrl K";

function ModelNow() {
  const model = useModelNow();
  if (!model) return null;
  return (
    <Link href="/settings/models" className="model-now" data-offline={model.offline || undefined}>
      <i aria-hidden="true" />
      {model.offline ? "No model connected" : model.name}
    </Link>
  );
}
