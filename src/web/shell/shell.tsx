import { ActionIcon, Drawer, Skeleton } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import type { Me } from "../api/me.ts";
import { ChatPage } from "../chat/chat-page.tsx";
import { ChatContext, useChatSession, useWaitingCount } from "../chat/use-chat.ts";
import { setWaitingTitle } from "../lib/page-title.ts";
import { useShortcut } from "../lib/use-shortcut.ts";
import { useViewportHeight } from "../lib/use-viewport-height.ts";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { Icon, Logo } from "../ui/icons.tsx";
import { NotFound } from "../ui/not-found.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useZoneOnce } from "./use-zone-once.ts";

const TodosPage = lazy(() => import("../todos/todos-page.tsx"));
const SchedulesPage = lazy(() => import("../schedules/schedules-page.tsx"));
const TasksPage = lazy(() => import("../tasks/tasks-page.tsx"));
const TaskPage = lazy(() => import("../tasks/task-page.tsx"));
const ProfilesPage = lazy(() => import("../tasks/profiles-page.tsx"));
const PlansPage = lazy(() => import("../plans/plans-page.tsx"));
const PlanPage = lazy(() => import("../plans/plan-page.tsx"));
const PlaybooksPage = lazy(() => import("../plans/playbooks-page.tsx"));
const SkillsPage = lazy(() => import("../skills/skills-page.tsx"));
const SkillPage = lazy(() => import("../skills/skill-page.tsx"));
const ListenersPage = lazy(() => import("../listeners/listeners-page.tsx"));
const MemoryPage = lazy(() => import("../memory/memory-page.tsx"));
const KnowledgePage = lazy(() => import("../knowledge/knowledge-page.tsx"));
const DocumentPage = lazy(() => import("../knowledge/document-page.tsx"));
const FilesPage = lazy(() => import("../files/files-page.tsx"));
const ImportPage = lazy(() => import("../import/import-page.tsx"));
const ApprovalsPage = lazy(() => import("../approvals/approvals-page.tsx"));
const ActivityPage = lazy(() => import("../activity/activity-page.tsx"));
const SettingsPage = lazy(() => import("../settings/settings-page.tsx"));
const OwnerPage = lazy(() => import("../owner/owner-page.tsx"));

/** The signed-in page: where one is, and the way elsewhere. */
export function Shell({ me }: { me: Me }) {
  const session = useChatSession(me.id);
  const [path, navigate] = useLocation();
  const [menu, setMenu] = useState(false);
  const [searching, setSearching] = useState(false);
  useViewportHeight();
  useZoneOnce();
  useEffect(() => setMenu(false), [path]);
  const waiting = useWaitingCount(session);
  useEffect(() => {
    setWaitingTitle(waiting);
    return () => setWaitingTitle(0);
  }, [waiting]);

  const search = () => {
    setMenu(false);
    navigate("/");
    setSearching(true);
  };
  const startNew = () => {
    setMenu(false);
    navigate("/");
    session.say("/new");
  };
  useShortcut("k", search, true);

  const sidebar = <Sidebar me={me} onNew={startNew} onSearch={search} />;
  return (
    <ChatContext value={session}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      {path === "/" && (
        <a className="skip" href="#message">
          Skip to writing a message
        </a>
      )}
      <p className="sr" role="status">
        {waiting > 0 ? `${waiting === 1 ? "One thing waits" : `${waiting} things wait`} for your approval.` : ""}
      </p>
      <div className="shell">
        <aside className="side">{sidebar}</aside>
        <header className="topbar">
          <ActionIcon
            className="topbar-menu"
            variant="subtle"
            color="gray"
            size={44}
            aria-label={waiting > 0 ? `Menu, ${waiting} waiting for you` : "Menu"}
            aria-expanded={menu}
            data-waiting={waiting > 0 || undefined}
            onClick={() => setMenu(true)}
          >
            <Icon name="menu" size={22} />
          </ActionIcon>
          <Link href="/" className="topbar-name">
            <Logo size={24} />
            Margay
          </Link>
          <ActionIcon variant="subtle" color="gray" size={44} aria-label="Search messages" onClick={search}>
            <Icon name="search" size={22} />
          </ActionIcon>
        </header>
        <Drawer
          opened={menu}
          onClose={() => setMenu(false)}
          size={300}
          padding="md"
          title="Menu"
          closeButtonProps={{ "aria-label": "Close menu" }}
        >
          <div className="side-drawer">{sidebar}</div>
        </Drawer>
        <main id="main" tabIndex={-1}>
          <ErrorBoundary key={path}>
            <Suspense fallback={<PageLoading />}>
              <Switch>
                <Route path="/">
                  <ChatPage me={me} searching={searching} onSearch={setSearching} />
                </Route>
                <Route path="/todos">
                  <TodosPage />
                </Route>
                <Route path="/schedules">
                  <SchedulesPage />
                </Route>
                <Route path="/tasks">
                  <TasksPage />
                </Route>
                <Route path="/tasks/profiles">
                  <ProfilesPage />
                </Route>
                <Route path="/tasks/:id">{({ id }) => <TaskPage id={id} />}</Route>
                <Route path="/plans">
                  <PlansPage />
                </Route>
                <Route path="/plans/playbooks">
                  <PlaybooksPage />
                </Route>
                <Route path="/plans/:id">{({ id }) => <PlanPage id={id} />}</Route>
                <Route path="/skills">
                  <SkillsPage />
                </Route>
                <Route path="/skills/:name">{({ name }) => <SkillPage name={name} />}</Route>
                <Route path="/listeners">
                  <ListenersPage />
                </Route>
                <Route path="/memory">
                  <MemoryPage />
                </Route>
                <Route path="/knowledge">
                  <KnowledgePage />
                </Route>
                <Route path="/knowledge/:id">{({ id }) => <DocumentPage id={id} />}</Route>
                <Route path="/files">
                  <FilesPage />
                </Route>
                <Route path="/import/:id?">{({ id }) => <ImportPage id={id} />}</Route>
                <Route path="/approvals">
                  <ApprovalsPage />
                </Route>
                <Route path="/activity">
                  <ActivityPage />
                </Route>
                <Route path="/settings/:section?">{(params) => <SettingsPage me={me} section={params.section} />}</Route>
                {me.role !== "user" && (
                  <Route path="/owner">
                    <OwnerPage me={me} />
                  </Route>
                )}
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
    </ChatContext>
  );
}

function PageLoading() {
  return (
    <div className="page" aria-busy="true" aria-label="Loading">
      <div className="page-column stack">
        <Skeleton height={36} width={180} />
        <Skeleton height={120} />
      </div>
    </div>
  );
}
