import { Button } from "@mantine/core";
import { Link } from "wouter";
import { ApiError } from "../api/api-error.ts";
import { useTask } from "../api/tasks.ts";
import { uncut } from "../lib/format.ts";
import { Icon } from "../ui/icons.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { TaskSheet } from "./task-sheet.tsx";

/** One task: how it stands, what it found, and every step it took. */
export default function TaskPage({ id }: { id: string }) {
  const query = useTask(id);
  const gone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page title={(query.data && uncut(query.data.title, query.data.input)) ?? (gone ? "Not there any more" : "Task")}>
      <Link href="/tasks" className="back">
        <Icon name="back" size={16} /> Tasks
      </Link>
      {gone ? (
        <div className="empty-page">
          <p>There is no such task. Tasks are kept for a while after they ended.</p>
          <Button component={Link} href="/tasks" variant="default">
            All tasks
          </Button>
        </div>
      ) : (
        <QueryView query={query}>{(task) => <TaskSheet task={task} />}</QueryView>
      )}
    </Page>
  );
}
