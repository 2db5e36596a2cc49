import { join } from 'node:path';
import { migrate } from '@assay/db';
import { withSecretFiles } from '@assay/platform';

// `npm run migrate`: brings DATABASE_URL, connected as its owner, up to date. Safe to repeat and to run twice at once.
const { DATABASE_URL: url } = withSecretFiles(process.env);
if (!url) {
  process.stderr.write('Set DATABASE_URL to the database, connected as its owner.\n');
  process.exit(2);
}
const applied = await migrate(url, join(import.meta.dirname, '../../prisma/migrations'));
process.stderr.write(applied.length > 0 ? `applied ${applied.join(', ')}\n` : 'the database is up to date\n');
