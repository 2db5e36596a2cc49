/** Aborts when the worker shuts down: sandboxes end, and what they graded is handed back unmarked. */
export class WorkerShutdown {
  private readonly controller = new AbortController();
  readonly signal = this.controller.signal;

  begin(): void {
    this.controller.abort(new Error('the worker shuts down'));
  }
}
