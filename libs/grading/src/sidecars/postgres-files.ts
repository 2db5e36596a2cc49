import type { SourceFile } from '@assay/contracts';

/** Copies the cluster that was made with the root into the container's memory and lets checks in, before it is told to start. */
export const PREPARE_POSTGRES = `
cp -r /usr/lib/postgres/data /tmp/data && chmod 700 /tmp/data || exit 1
/usr/lib/postgres/bin/postgres --single -D /tmp/data postgres </sidecar/set-up.sql >&2 || exit 1
`;

export function postgresFiles(secret: string): SourceFile[] {
  return [{ path: 'set-up.sql', content: `ALTER ROLE checks PASSWORD '${secret}'\n` }];
}
