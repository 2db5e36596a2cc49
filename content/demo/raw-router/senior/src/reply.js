/** What a handler returns, or throws: the dispatcher sends it either way. */
export class Reply {
  constructor(status, { json, headers = {} } = {}) {
    this.status = status;
    this.headers = headers;
    this.body = json === undefined ? null : Buffer.from(JSON.stringify(json));
  }

  send(res) {
    // An explicit length, so that HEAD says the same as GET. Node itself keeps the body from HEAD.
    const described =
      this.body === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': this.body.length };
    res.writeHead(this.status, { ...described, ...this.headers }).end(this.body ?? undefined);
  }
}

export const refusal = (status, detail, headers) => new Reply(status, { json: { status, detail }, headers });
