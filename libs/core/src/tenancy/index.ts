export * from './login-throttle.js';
export * from './secret.js';
export * from './staff-access.js';
