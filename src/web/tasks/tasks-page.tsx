import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { useTasks } from "../api/tasks.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StartTask } from "./start-task.tsx";
import { TaskRow } from "./task-row.tsx";

/** Work in the background: what runs, what it came to, and the way to begin another. */
export default function TasksPage() {
  const [starting, setStarting] = useState(false);
  const open = useTasks("open");
  const ended = useTasks("ended");
  return (
    <Page
      title="Tasks"
      intro="Longer work that goes on in the background while you do something else. To-dos are yours; these are Margay’s."
    >
      <div className="row page-bar">
        <Button component={Link} href="/tasks/profiles" variant="default">
          Profiles
        </Button>
        <Button leftSection={<Icon name="plus" size={17} />} onClick={() => setStarting(true)}>
          New task
        </Button>
      </div>
      <QueryView query={open} lines={1}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.tasks);
          if (list.length === 0) return null;
          return (
            <section aria-labelledby="tasks-open">
              <h2 className="group" id="tasks-open">
                Going on <span>{list.length}</span>
              </h2>
              <ul className="auto-list">
                {list.map((task) => (
                  <TaskRow key={task.id} task={task} />
                ))}
              </ul>
            </section>
          );
        }}
      </QueryView>
      <QueryView query={ended}>
        {({ pages }) => {
          const list = pages.flatMap((page) => page.tasks);
          if (list.length === 0) return open.data?.pages[0]?.tasks.length === 0 && <Nothing />;
          return (
            <section aria-labelledby="tasks-ended">
              <h2 className="group" id="tasks-ended">
                Ended
              </h2>
              <ul className="auto-list">
                {list.map((task) => (
                  <TaskRow key={task.id} task={task} />
                ))}
              </ul>
              {ended.hasNextPage && (
                <div className="row more">
                  <Button variant="default" loading={ended.isFetchingNextPage} onClick={() => void ended.fetchNextPage()}>
                    Show earlier ones
                  </Button>
                </div>
              )}
            </section>
          );
        }}
      </QueryView>
      {starting && <StartTask onClose={() => setStarting(false)} />}
    </Page>
  );
}

function Nothing() {
  return (
    <div className="empty-page">
      <Icon name="layers" size={36} />
      <h2>Nothing was done in the background yet</h2>
      <p>
        Begin a task here, or say in the chat “find out in the background which …”. What it found is kept here, with every step it took.
      </p>
    </div>
  );
}
