/**
 * Counts a week from the to-dos and the activity. args: { today: "YYYY-MM-DD", days? }
 */
const DAY = 86_400_000;
const SHOWN = 20;

/** Days since 1970 of "Fri 27 Nov 2026", with or without a time, or "2026-11-27"; null: neither. */
function dayOf(text) {
  const words = /(\d{1,2} [A-Z][a-z]{2} \d{4})/.exec(String(text))?.[1];
  const at = Date.parse(words === undefined ? `${text}T00:00:00Z` : `${words} 00:00 UTC`);
  return Number.isNaN(at) ? null : Math.floor(at / DAY);
}

/** The week of a day by ISO 8601: the one with the Thursday of the year. */
function weekOf(day) {
  const thursday = day - ((day + 3) % 7) + 3;
  const year = new Date(thursday * DAY).getUTCFullYear();
  return { year, week: Math.floor((thursday - Date.UTC(year, 0, 1) / DAY) / 7) + 1 };
}

const named = ({ title, due, priority }) => ({
  title,
  ...(due === undefined ? {} : { due }),
  ...(priority === undefined ? {} : { priority }),
});
const group = (todos) => ({ count: todos.length, todos: todos.slice(0, SHOWN).map(named) });

async function week({ today, days = 7 }) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(String(today)) ? dayOf(today) : null;
  if (day === null || !Number.isInteger(days) || days < 1 || days > 31)
    return { problems: ['Say today as "2026-11-27", and days as a number from 1 to 31.'] };
  const open = await tools.list_todos({ status: "open" });
  const done = await tools.list_todos({ status: "done" });
  const activity = await tools.list_activity({ what: "done", days });

  const ends = (todo) => (todo.due === undefined ? null : dayOf(todo.due));
  const finished = done.todos.filter(({ done_on }) => done_on !== undefined && dayOf(done_on) > day - days && dayOf(done_on) <= day);
  const overdue = open.todos.filter(({ overdue: late }) => late === true);
  const coming = open.todos.filter((todo) => todo.overdue !== true && ends(todo) !== null && ends(todo) < day + 7);
  const later = open.todos.filter((todo) => todo.overdue !== true && ends(todo) !== null && ends(todo) >= day + 7);
  const undated = open.todos.filter(({ due }) => due === undefined);
  const byTool = {};
  for (const { tool } of activity.entries) if (tool !== undefined) byTool[tool] = (byTool[tool] ?? 0) + 1;

  return {
    ...weekOf(day),
    done: { count: finished.length, todos: finished.slice(0, SHOWN).map(({ title, done_on }) => ({ title, done_on })) },
    overdue: group(overdue),
    next_seven_days: group(coming),
    later: later.length,
    no_date: group(undated),
    activity: { entries: activity.entries.length, by_tool: byTool },
    ...(open.not_shown === undefined && done.not_shown === undefined && activity.more === undefined
      ? {}
      : { note: "There are more than could be read; the numbers are of what was read." }),
  };
}

await week(args);
