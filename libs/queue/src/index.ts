export * from './committed-work.js';
export * from './job-consumer.js';
export * from './job-producer.js';
export * from './run-streams.js';
