/** What there is of a page when everything is left out that no person sees. */
export type HtmlNode = HtmlElement | string;

export interface HtmlElement {
  readonly name: string;
  /** The few that Markdown has a place for, and `role`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: HtmlNode[];
  /** Whether it stands on lines of its own, or something in it does. */
  block: boolean;
}

export const element = (name: string, attributes: HtmlElement["attributes"], block: boolean, children: HtmlNode[] = []): HtmlElement => ({
  name,
  attributes,
  block,
  children,
});
