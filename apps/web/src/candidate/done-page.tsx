import { useAttempt } from '../attempt/use-attempt.js';

export function DonePage() {
  const { data } = useAttempt();
  return <main>{data?.role}</main>;
}
