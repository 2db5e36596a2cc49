export type { Call } from './call.js';
export * from './config.js';
export * from './create-api.js';
export { Endpoint } from './endpoint.decorator.js';
export * from './logger.js';
export * from './openapi.js';
export * from './page-shell.js';
export type { PublicPage } from './registry-check.js';
export * from './shutdown.js';
