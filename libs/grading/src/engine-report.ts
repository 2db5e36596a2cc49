import type { EngineReport, SandboxEngine } from '@assay/sandbox';

/** An engine proves itself once in a process's life; a failed proof is tried again at the next grading. */
const reports = new WeakMap<SandboxEngine, Promise<EngineReport>>();

/** The engine's report, from its self-test. Rejects with `EngineUnavailable` when it cannot be trusted. */
export function engineReport(engine: SandboxEngine): Promise<EngineReport> {
  const known = reports.get(engine);
  if (known) return known;
  const report = engine.selfTest();
  reports.set(engine, report);
  report.catch(() => reports.delete(engine));
  return report;
}
