/** Where one skill is on the page. */
export const skillHref = (name: string): string => `/skills/${encodeURIComponent(name)}`;
