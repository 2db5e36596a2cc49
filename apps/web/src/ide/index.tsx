import type { Attempt } from '../attempt/use-attempt.js';

export interface IdeProps {
  mode: 'practice' | 'attempt';
  attempt: Attempt;
  tasks: { taskId: string; title: string }[];
  /** The task was submitted and its receipt shown. */
  onSubmitted(taskId: string): void;
}

/** A placeholder: the branch "ide" replaces this folder. */
export default function Ide({ tasks }: IdeProps) {
  return <p>{tasks.map(({ title }) => title).join(', ')}</p>;
}
