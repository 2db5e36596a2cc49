import { join } from 'node:path';

/** Absolute path of the checkout this file lies in. May hold spaces. */
export const checkoutRoot = join(import.meta.dirname, '..', '..');

/** Absolute path of something inside the checkout. */
export const inCheckout = (...parts) => join(checkoutRoot, ...parts);
