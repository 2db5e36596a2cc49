/** Cuts what `take: limit + 1` gave into a page; `next` is the id that the following page starts after. */
export function cutPage<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  return { items: shown.map(toItem), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

/** Newest first: our ids are time-ordered (UUID v7). */
export function pageOf({ cursor, limit }: { cursor?: string | undefined; limit: number }) {
  return { after: cursor ? { id: { lt: cursor } } : {}, orderBy: { id: 'desc' as const }, take: limit + 1 };
}
