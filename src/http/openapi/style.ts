/** The API page's whole style. Its hash is in the page's Content-Security-Policy. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dade, #3a3d44); --soft: light-dark(#f4f5f7, #1f2228); --link: light-dark(#1558b0, #8ab8ff); }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; background: light-dark(#fff, #15171b); color: light-dark(#1b1d21, #e6e8ec); }
a { color: var(--link); }
small { font-weight: normal; opacity: 0.7; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
code, pre { font: 0.875rem/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem; border-radius: 6px; background: var(--soft); }
details { margin: 0.5rem 0; padding: 0.5rem 0.75rem; border: 1px solid var(--line); border-radius: 6px; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary b { display: inline-block; min-width: 4.5em; font: 600 0.8rem ui-monospace, monospace; }
summary span { opacity: 0.8; }
table { border-collapse: collapse; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top; font-weight: normal; }
dt { font-weight: 600; }
dd { margin: 0 0 0.75rem; }
`;
