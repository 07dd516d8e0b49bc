/**
 * Checks the plan of a trip and counts what it costs, in whole cents.
 * args: { start, end, items: [{ date, what, kind?, time?, until?, nights?, cost?, currency?, booked? }], currency?, budget?, rates? }
 */
const MOST_DAYS = 120;
const DAY = 86_400_000;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const isList = (value) => Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null);

const isThere = (value) => value !== undefined && value !== null;

/** Days since 1970; null: no date. */
function dayOf(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(text))) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || dateOf(at / DAY) !== text ? null : at / DAY;
}

function dateOf(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Minutes since midnight; null: no time of day. */
function timeOf(text) {
  const match = /^(\d{1,2}):([0-5]\d)$/.exec(String(text));
  return match === null || Number(match[1]) > 24 ? null : Number(match[1]) * 60 + Number(match[2]);
}

/** Hundredths of a decimal text; null: it is none. */
const centsOf = (value) => (/^\d{1,9}(?:\.\d{1,2})?$/.test(String(value)) ? Math.round(Number(value) * 100) : null);
const rateOf = (value) => (/^\d{1,6}(?:\.\d{1,6})?$/.test(String(value)) && Number(value) > 0 ? Number(value) : null);
const money = (cents) => (cents / 100).toFixed(2);

function readItem(item, number, { first, last, currency, rates, problems }) {
  const name = `Item ${number} (${String(item?.what ?? "?")})`;
  const day = dayOf(item?.date);
  if (day === null) problems.push(`${name}: "${item?.date}" is no date like 2027-05-03.`);
  else if (day < first || day > last) problems.push(`${name}: ${item.date} is not within the trip.`);
  // What is null is not known, as what is not there.
  const from = isThere(item?.time) ? timeOf(item.time) : null;
  const until = isThere(item?.until) ? timeOf(item.until) : null;
  if (isThere(item?.time) && from === null) problems.push(`${name}: "${item.time}" is no time like 08:10.`);
  if (isThere(item?.until) && until === null) problems.push(`${name}: "${item.until}" is no time like 12:40.`);
  const cents = isThere(item?.cost) ? centsOf(item.cost) : null;
  if (isThere(item?.cost) && cents === null) problems.push(`${name}: "${item.cost}" is no amount like 74.00.`);
  const own = String(item?.currency ?? currency).toUpperCase();
  const rate = own === currency ? 1 : rateOf(rates[own]);
  if (cents !== null && rate === null) problems.push(`${name}: there is no rate for ${own}, so it is not in the total.`);
  const nights = item?.kind === "stay" ? Number(item.nights ?? 1) : 0;
  if (!Number.isInteger(nights) || nights < 0 || nights > MOST_DAYS) problems.push(`${name}: "${item.nights}" is no number of nights.`);
  return {
    name,
    day,
    from,
    // What ends before it begins ends on the next day.
    to: from === null || until === null ? null : until > from ? until : until + 1_440,
    kind: String(item?.kind ?? "other"),
    nights,
    cost: cents === null || rate === null ? null : Math.round(cents * rate),
    item,
  };
}

function clashes(items) {
  const timed = items
    .filter(({ day, to, kind }) => day !== null && to !== null && kind !== "stay")
    .map((one) => ({ name: one.name, start: one.day * 1_440 + one.from, end: one.day * 1_440 + one.to }))
    .sort((a, b) => a.start - b.start);
  return timed.flatMap((one, index) =>
    timed
      .slice(index + 1)
      .filter((other) => other.start < one.end)
      .map((other) => `${one.name} and ${other.name} are at the same time.`),
  );
}

function check({ start, end, items = [], currency = "EUR", budget, rates = {} }) {
  const [first, last] = [dayOf(start), dayOf(end)];
  if (first === null || last === null || last < first || last - first >= MOST_DAYS)
    return { problems: [`The trip needs start and end as dates, at most ${MOST_DAYS} days.`] };
  if (!isList(items)) return { problems: ["items must be a list of items."] };
  const problems = [];
  const home = currency.toUpperCase();
  const known = Object.fromEntries(Object.entries(rates ?? {}).map(([name, rate]) => [name.toUpperCase(), rate]));
  const read = items.map((item, index) => readItem(item, index + 1, { first, last, currency: home, rates: known, problems }));
  problems.push(...clashes(read));

  const beds = new Set(read.flatMap(({ day, nights }) => (day === null ? [] : Array.from({ length: nights }, (_, night) => day + night))));
  // Who travels through the night sleeps on the way.
  for (const { day, kind, to } of read) if (day !== null && kind === "travel" && to !== null && to > 1_440 + 180) beds.add(day);
  const nights = Array.from({ length: last - first }, (_, night) => first + night);
  const bedless = nights.filter((day) => !beds.has(day)).map(dateOf);
  if (bedless.length > 0) problems.push(`No bed for the night of ${bedless.join(", ")}.`);

  const days = Array.from({ length: last - first + 1 }, (_, index) => first + index).map((day) => {
    const planned = read.filter((one) => one.day === day).toSorted((a, b) => (a.from ?? 9_999) - (b.from ?? 9_999));
    return {
      date: dateOf(day),
      weekday: WEEKDAYS[(day + 4) % 7],
      cost: money(planned.reduce((sum, { cost }) => sum + (cost ?? 0), 0)),
      items: planned.map(({ item }) => [item.time, item.what].filter(isThere).join(" ")),
    };
  });
  const empty = days.filter((day) => day.items.length === 0).map(({ date }) => date);
  const total = read.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  const byKind = {};
  for (const { kind, cost } of read) if (cost !== null) byKind[kind] = (byKind[kind] ?? 0) + cost;
  const limit = isThere(budget) ? centsOf(budget) : null;
  if (isThere(budget) && limit === null) problems.push(`The budget "${budget}" is no amount.`);
  if (limit !== null && total > limit) problems.push(`It costs ${money(total - limit)} ${home} more than the budget.`);

  return {
    days,
    nights: nights.length,
    empty_days: empty,
    total: `${money(total)} ${home}`,
    by_kind: Object.fromEntries(Object.entries(byKind).map(([kind, cents]) => [kind, money(cents)])),
    ...(limit === null ? {} : { left: `${money(limit - total)} ${home}` }),
    without_cost: read.filter(({ item }) => !isThere(item.cost)).map(({ item }) => item.what),
    to_book: read.filter(({ item }) => item.booked === false).map(({ item }) => item.what),
    problems,
  };
}

check(args);
