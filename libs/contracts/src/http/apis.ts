import { assessmentApi } from './assessment/index.js';
import type { EndpointDefinition } from './endpoint.js';
import { recruiterApi } from './recruiter/index.js';

/** Whose sessions an API takes. */
export type Realm = 'staff' | 'candidate';

/** One HTTP API of ours: what it is called, whom it serves, every route of it. */
export interface Api {
  title: string;
  realm: Realm;
  endpoints: Record<string, EndpointDefinition>;
}

export const RECRUITER_API: Api = { title: 'Assay recruiter API', realm: 'staff', endpoints: recruiterApi };
export const ASSESSMENT_API: Api = {
  title: 'Assay assessment API',
  realm: 'candidate',
  endpoints: assessmentApi,
};
