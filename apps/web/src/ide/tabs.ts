/** Which files are open in tabs, by id, and which one is shown. */
export interface Tabs {
  open: readonly string[];
  active: string | null;
}

export const NO_TABS: Tabs = { open: [], active: null };

export const openTab = ({ open }: Tabs, id: string): Tabs => ({
  open: open.includes(id) ? open : [...open, id],
  active: id,
});

/** The neighbour is shown in place of one that is closed. */
export function closeTab({ open, active }: Tabs, id: string): Tabs {
  const at = open.indexOf(id);
  const left = open.filter((one) => one !== id);
  return { open: left, active: active === id ? (left[Math.min(at, left.length - 1)] ?? null) : active };
}

/** The tab so many places on, around the end. */
export function stepTab({ open, active }: Tabs, by: 1 | -1): Tabs {
  const at = active === null ? -1 : open.indexOf(active);
  return { open, active: open[(at + by + open.length) % open.length] ?? null };
}

/** Without those whose files are gone; where nothing is shown, the first file that one would want to see. */
export function settleTabs(tabs: Tabs, files: readonly { id: string; path: string }[]): Tabs {
  const gone = tabs.open.filter((id) => !files.some((file) => file.id === id));
  const left = gone.reduce(closeTab, tabs);
  if (left.active !== null || files.length === 0) return left === tabs ? tabs : left;
  if (left.open.length > 0 || tabs.open.length > 0) return left === tabs ? tabs : left;
  const first = FIRST.map((name) => files.find(({ path }) => path === name)).find(Boolean);
  const script = files.find(({ path }) => /\.[cm]?[jt]s$/.test(path));
  const shown = first ?? script ?? files[0];
  return shown ? openTab(left, shown.id) : left;
}

const FIRST = ['app.js', 'src/app.js', 'index.js', 'server.js', 'app.ts', 'src/app.ts', 'server.ts'];
