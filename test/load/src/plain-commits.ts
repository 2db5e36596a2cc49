import pg from 'pg';

const SETUP = `
CREATE TABLE IF NOT EXISTS bench_row (id int PRIMARY KEY, content text NOT NULL);
INSERT INTO bench_row SELECT id, '' FROM generate_series(1, 1000) AS id ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS bench_added (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text NOT NULL);
`;

/**
 * The peer of saving and submitting: the least that a client of Postgres can do to keep something for good, one commit of
 * one row. Every client has a connection and, to update, a row of its own.
 */
export class PlainCommits {
  private constructor(private readonly clients: readonly pg.Client[]) {}

  static async open(url: string, count: number): Promise<PlainCommits> {
    const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url }));
    await Promise.all(clients.map((client) => client.connect()));
    await clients[0]?.query(SETUP);
    return new PlainCommits(clients);
  }

  /** Every client updates its row at once. Gives what each had to wait, in ms. */
  updateAtOnce(content: string): Promise<number[]> {
    return this.commitAtOnce('UPDATE bench_row SET content = $1 WHERE id = $2', (i) => [content, i + 1]);
  }

  /** Every client inserts a row at once. */
  insertAtOnce(content: string): Promise<number[]> {
    return this.commitAtOnce('INSERT INTO bench_added (content) VALUES ($1)', () => [content]);
  }

  private commitAtOnce(sql: string, values: (client: number) => unknown[]): Promise<number[]> {
    return Promise.all(
      this.clients.map(async (client, i) => {
        const startedAtMs = performance.now();
        await client.query(sql, values(i));
        return performance.now() - startedAtMs;
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }
}
