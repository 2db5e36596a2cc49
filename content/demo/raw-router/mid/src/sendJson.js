export function sendJson(req, res, status, body, headers = {}) {
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  // HEAD has the same headers as GET, but no body
  res.end(req.method === 'HEAD' ? undefined : JSON.stringify(body));
}
