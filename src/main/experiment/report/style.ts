/** The page's looks, light and dark as the reader's system asks. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#f7f7f8, #111113);
  --surface: light-dark(#ffffff, #18181b);
  --sunken: light-dark(#f0f0f2, #141416);
  --line: light-dark(#e4e4e8, #2a2a30);
  --line-strong: light-dark(#d0d0d7, #3a3a42);
  --text: light-dark(#1b1b1f, #ededf0);
  --muted: light-dark(#5c5c66, #a2a2ad);
  --accent: light-dark(#5b5bd6, #8e8cf5);
  --accent-text: light-dark(#4f4fc9, #a09ef8);
  --good: light-dark(#1a7a50, #4cc38a);
  --bad: light-dark(#c02f25, #ff8b7e);
  --warn: light-dark(#8a5c00, #e2b340);
  --warn-soft: light-dark(#fff4d6, #33280a);
  --second: light-dark(#b4530a, #f0a35e);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--bg); color: var(--text);
  font: 14px/1.5 Inter, system-ui, -apple-system, "Segoe UI", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 8px; }
h2 { font-size: 18px; margin: 40px 0 8px; }
h3 { font-size: 14px; margin: 24px 0 4px; }
p { max-width: 75ch; margin: 8px 0; }
a { color: var(--accent-text); }
.muted, .caption, figcaption { color: var(--muted); }
.small, figcaption { font-size: 12px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 16px 0 0; }
code, .mono { font-family: "JetBrains Mono", ui-monospace, monospace; font-size: 12px; overflow-wrap: anywhere; }
pre { background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; margin: 8px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 16px; margin: 12px 0; }
.table { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; margin: 12px 0; }
.scroll { overflow-x: auto; border-radius: 8px; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; }
.caption { padding: 8px 12px 0; font-size: 12px; }
th, td { padding: 6px 12px; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--muted); font-size: 12px; font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
tbody th { min-width: 16ch; }
td { white-space: nowrap; }
td.words { white-space: normal; min-width: 14ch; }
td code.long { white-space: normal; }
.figures { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.interval { color: var(--muted); font-size: 12px; display: block; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.warning { background: var(--warn-soft); border-radius: 8px; padding: 8px 12px; margin: 8px 0; color: var(--text); }
.ahead { color: var(--good); }
.behind { color: var(--bad); }
figure { margin: 12px 0; }
figcaption { margin-top: 4px; max-width: 75ch; }
svg { display: block; width: 100%; max-width: 760px; height: auto; }
svg text { fill: var(--text); font-size: 12px; font-family: inherit; font-variant-numeric: tabular-nums; }
svg .axis { fill: var(--muted); font-size: 11px; }
svg .grid { stroke: var(--line); }
svg .zero { stroke: var(--line-strong); stroke-dasharray: 3 3; }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 16px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: 12px; margin: 4px 0 0; padding: 0; list-style: none; }
.legend svg { display: inline-block; width: 10px; height: 10px; vertical-align: -1px; margin-right: 4px; }
details { margin: 12px 0; }
summary { cursor: pointer; font-weight: 600; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
@media print { .scroll { overflow: visible; } details::details-content { content-visibility: visible; } }
`;
