/** What the worker tells a server's container when its turn has come. */
export interface Go {
  /** The file to run, relative to the working folder or absolute, and its arguments. */
  program: readonly string[];
  /** Variables beside those that the container was started with. */
  env: Readonly<Record<string, string>>;
}
