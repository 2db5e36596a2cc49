import { openTestApi } from '@assay/testing';
import { it } from '@jest/globals';
import { createRecruiterApi } from './recruiter-api.js';
it('x', async () => {
  const api = await openTestApi(createRecruiterApi);
  if (process.env.DBG !== '0') await api.anonymous().get('/v1/session');
  await api.close();
  await new Promise((r) => setTimeout(r, 500));
  const p = process as unknown as { _getActiveHandles(): { constructor: { name: string }; remotePort?: number; localPort?: number; fd?: number }[]; getActiveResourcesInfo(): string[] };
  console.log(p.getActiveResourcesInfo(), p._getActiveHandles().map((h) => [h.constructor.name, h.remotePort, h.localPort, h.fd]));
});
