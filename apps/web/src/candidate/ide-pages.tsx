import { useNavigate } from '@tanstack/react-router';
import { useAttempt } from '../attempt/use-attempt.js';
import Ide from '../ide/index.js';

export function PracticePage() {
  const { data } = useAttempt();
  if (!data) return null;
  return (
    <Ide
      mode="practice"
      attempt={data}
      tasks={[{ taskId: 'practice', title: 'Practice' }]}
      onSubmitted={() => undefined}
    />
  );
}

export function WorkPage() {
  const { data } = useAttempt();
  const navigate = useNavigate();
  if (!data) return null;
  const toDo = data.tasks.filter(({ submission }) => submission === null);
  return (
    <Ide
      mode="attempt"
      attempt={data}
      tasks={data.tasks}
      onSubmitted={() => toDo.length <= 1 && void navigate({ to: '/attempt/done' })}
    />
  );
}
