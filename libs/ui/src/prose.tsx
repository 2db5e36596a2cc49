import { Code } from '@mantine/core';

/** A sentence in which `code` stands in backticks, as authors write it. */
export function Prose({ text }: { text: string }) {
  const parts = text.split('`').map((part, index) => ({ part, isCode: index % 2 === 1, key: index }));
  return parts.map(({ part, isCode, key }) => (isCode ? <Code key={key}>{part}</Code> : part));
}
