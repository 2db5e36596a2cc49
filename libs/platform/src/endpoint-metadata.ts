/** Nest's key for the endpoint that a method handles. */
export const ENDPOINT = Symbol('endpoint');
