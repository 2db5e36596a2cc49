import { createClient } from '@assay/contracts/client';
import { assessmentApi } from '@assay/contracts/http';
import { config } from 'zod';

// The policy of our pages forbids code made of strings, which Zod would try.
config({ jitless: true });

/**
 * The assessment API, on this page's own origin; the session's cookie rides along. Calls reject with `ProblemError` for
 * a problem document and with `TypeError` when the server cannot be reached.
 */
export const api = createClient(assessmentApi, location.origin);
