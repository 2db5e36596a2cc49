export * from './invitation.js';
export * from './role.js';
