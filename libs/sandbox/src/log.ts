/** Where the engine says what the operator should know; one line each. */
export type Log = (line: string) => void;
