import { expect, it } from '@jest/globals';
import { externalUrls } from './database.mjs';

const owner = 'postgresql://owner:s%40cret@db.example:5432/assay?sslmode=require';

it('lays down the owner’s rights on each connection to a database of somebody else’s', () => {
  const { api, worker } = externalUrls(owner, undefined);
  expect(api).toBe(`${owner}&options=-c%20role%3Dassay_api`);
  expect(worker).toBe(`${owner}&options=-c%20role%3Dassay_worker`);
});

it('keeps options that the URL has', () => {
  const { api } = externalUrls(`${owner}&options=-c%20search_path%3Dpublic`, undefined);
  expect(new URL(api).searchParams.get('options')).toBe('-c search_path=public -c role=assay_api');
});

it('takes a login of the worker’s own as it is, and still gives the APIs no more than their role', () => {
  const { api, worker } = externalUrls(owner, 'postgresql://worker@db/assay');
  expect(worker).toBe('postgresql://worker@db/assay');
  expect(new URL(api).searchParams.get('options')).toBe('-c role=assay_api');
});
