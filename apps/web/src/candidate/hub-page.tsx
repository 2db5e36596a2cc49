import { useAttempt } from '../attempt/use-attempt.js';

export function HubPage() {
  const { data } = useAttempt();
  return <main>{data?.role}</main>;
}
