import { useParams } from '@tanstack/react-router';

export function InvitationPage() {
  const { secret } = useParams({ from: '/a/$secret' });
  return <main>{secret.length}</main>;
}
