/** The name of the browser's tab: the page, and how much waits for an answer. */
let page: string | null = null;
let waiting = 0;

const show = (): void => {
  document.title = titleOf(page, waiting);
};

export const titleOf = (name: string | null, count: number): string =>
  `${count > 0 ? `(${count}) ` : ""}${name === null ? "Margay" : `${name} · Margay`}`;

export function setPageTitle(name: string | null): void {
  page = name;
  show();
}

export function setWaitingTitle(count: number): void {
  waiting = count;
  show();
}
