export * from './event-stream.js';
export * from './factories.js';
export * from './hostile-requests.js';
export * from './problem-of.js';
export * from './test-api.js';
export * from './test-database.js';
export * from './test-redis.js';
export * from './wait-for.js';
