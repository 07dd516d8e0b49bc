import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, patch, post, withQuery } from "./client.ts";

export type Priority = "p1" | "p2" | "p3" | "p4";

export interface TodoView {
  id: string;
  title: string;
  notes: string;
  priority: Priority;
  /** ISO 8601; null: no due date. Without a time of day it is the end of the day in `time_zone`. */
  due_at: string | null;
  due_has_time: boolean;
  time_zone: string;
  status: "open" | "done";
  created_at: string;
  completed_at: string | null;
}

export interface NewTodo {
  title: string;
  notes?: string;
  priority?: Priority;
  due?: string;
}

export interface TodoChange {
  title?: string;
  notes?: string;
  priority?: Priority;
  due?: string | null;
  status?: "open" | "done";
}

export type TodoFilter = "open" | "done";

export const useTodos = (status: TodoFilter) =>
  useQuery({
    queryKey: ["todos", status],
    queryFn: async () => (await get<{ todos: TodoView[] }>(withQuery("/api/v1/todos", { status, limit: 500 }))).todos,
  });

/** Everything that changes the list, with the list read anew after each change. */
export function useTodoActions() {
  const queries = useQueryClient();
  const reread = () => queries.invalidateQueries({ queryKey: ["todos"] });
  const add = useMutation({ mutationFn: (todo: NewTodo) => post<TodoView>("/api/v1/todos", todo), onSettled: reread });
  const change = useMutation({
    mutationFn: ({ id, change: fields }: { id: string; change: TodoChange }) =>
      patch<TodoView>(`/api/v1/todos/${encodeURIComponent(id)}`, fields),
    // What was checked off looks so at once; the list is then read as it really is.
    onMutate: ({ id, change: { status } }) => {
      if (status === undefined) return;
      queries.setQueriesData<TodoView[]>({ queryKey: ["todos"] }, (list) =>
        list?.map((todo) => (todo.id === id ? { ...todo, status } : todo)),
      );
    },
    onSettled: reread,
  });
  const remove = useMutation({
    mutationFn: (id: string) => del(`/api/v1/todos/${encodeURIComponent(id)}`),
    // The row goes at once; what the server says decides whether it stays away.
    onMutate: (id) => queries.setQueriesData<TodoView[]>({ queryKey: ["todos"] }, (list) => list?.filter((todo) => todo.id !== id)),
    onSettled: reread,
  });
  return { add, change, remove };
}
