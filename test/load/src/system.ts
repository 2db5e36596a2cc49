/** What tools/bootstrap/bench.mjs has started and says of it. */
export interface SystemUnderLoad {
  /** What our processes read from their environment, for a suite that starts one by itself. */
  environment: Record<
    'ASSAY_HOME' | 'ASSAY_PUBLIC_URL' | 'ASSAY_CANDIDATE_URL' | 'REDIS_URL' | 'WORKER_DATABASE_URL',
    string
  >;
  /** Of the demo organisation's owner. */
  login: { email: string; password: string };
  /** Postgres, as the database's owner. */
  ownerUrl: string;
  /** Of the last minute, before anything was built or started. */
  loadAverageBefore: number;
}
