/** The parts of the IDE that keys lead to, in their order. */
export const PANES = ['brief', 'files', 'editor', 'results'] as const;
export type PaneId = (typeof PANES)[number];

export const PANE_NAMES: Record<PaneId, string> = {
  brief: 'Brief',
  files: 'Files',
  editor: 'Editor',
  results: 'Results',
};

export const stepPane = (from: PaneId | null, by: 1 | -1): PaneId => {
  const at = from === null ? (by === 1 ? -1 : 0) : PANES.indexOf(from);
  return PANES[(at + by + PANES.length) % PANES.length] ?? 'brief';
};
