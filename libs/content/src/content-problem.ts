/** One thing wrong with the written content, as its author can find it. */
export interface ContentProblem {
  /** Relative to the content folder. */
  file: string;
  /** 1-based; null when the problem is the file itself. */
  line: number | null;
  /** e.g. `rules[2].question`; null when no field is meant. */
  field: string | null;
  message: string;
}

/** `interviews/picking.yaml:14: rules[2].question names "x", which is no question`. */
export function renderContentProblem({ file, line, field, message }: ContentProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return field === null ? `${place}: ${message}` : `${place}: ${field} ${message}`;
}

const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);

/** By file and line, each problem once. */
export function sortProblems(problems: readonly ContentProblem[]): ContentProblem[] {
  const sorted = problems.toSorted(
    (a, b) => order(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || order(a.message, b.message),
  );
  const seen = new Set<string>();
  return sorted.filter((problem) => {
    const text = renderContentProblem(problem);
    return !seen.has(text) && seen.add(text);
  });
}
