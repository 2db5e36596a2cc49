/** SQLSTATE classes, Prisma's codes and Node's, for a database that is away, starting, stopping or has no connection free. */
const CODE = /^(P1\d{3}|P2024|P2028|ECONNREFUSED|ECONNRESET|EPIPE|57P0\d|53300|08\w{3})$/;
/** What Prisma's adapter makes of connection errors. */
const KIND = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/;
/** pg says these without a code. */
const MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout (?:exceeded when trying to connect|expired))/;

/** Whether an error says that Postgres cannot be reached right now: whoever asked may simply try again. */
export function isDatabaseDown(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, originalCode, kind, message, cause, meta } = error as Record<string, unknown>;
  const says = (pattern: RegExp, text: unknown) => typeof text === 'string' && pattern.test(text);
  if (says(CODE, code) || says(CODE, originalCode) || says(KIND, kind) || says(MESSAGE, message)) return true;
  const { driverAdapterError } = (meta ?? {}) as { driverAdapterError?: unknown };
  return [cause, driverAdapterError].some((inner) => inner !== error && isDatabaseDown(inner));
}
