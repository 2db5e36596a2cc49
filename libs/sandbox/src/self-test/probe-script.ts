/** What the candidate's side of the self-test found out about its sandbox. */
export interface ProbeFacts {
  /** The lines of /proc/self/status that matter, by name. */
  status: Record<string, string>;
  /** What each attempt to write answered: an error code, or 'written'. */
  writes: Record<string, string>;
  /** Paths of the host that could be seen. */
  visible: string[];
  /** Names of the network interfaces. */
  interfaces: string[];
  /** What a connection to an address outside answered. */
  outside: string;
  /** Beginnings of the command lines of (the first twenty) processes that could be seen. */
  processes: string[];
  /** Children that could be started before the limit said no; and what it said. */
  children: number;
  refusal: string;
  /** Answers of the system calls, base64. */
  syscalls: string;
}

/**
 * Runs in the sandbox as `node -e`: `argv` = host paths that must not exist (JSON), paths that must not be writable
 * (JSON). The environment's PROBE is the program of syscall-probe.ts in base64. Prints ProbeFacts as JSON.
 */
export const PROBE_SCRIPT = `
const fs = require('node:fs'), os = require('node:os'), net = require('node:net');
const { spawn, spawnSync } = require('node:child_process');
const [hostPaths, targets] = process.argv.slice(1).map((text) => JSON.parse(text));
const attempt = (action, done) => { try { action(); return done; } catch (error) { return error.code; } };

const facts = { status: {}, writes: {} };
for (const line of fs.readFileSync('/proc/self/status', 'utf8').split('\\n')) {
  const [name, value] = line.split(':\\t');
  if (/^(Cap...|Seccomp|NoNewPrivs)$/.test(name)) facts.status[name] = value;
}
for (const path of targets) facts.writes[path] = attempt(() => fs.writeFileSync(path, 'x'), 'written');
facts.visible = hostPaths.filter((path) => fs.existsSync(path));
facts.interfaces = Object.keys(os.networkInterfaces());
for (const line of fs.readFileSync('/proc/net/dev', 'utf8').split('\\n').slice(2)) {
  const name = line.split(':')[0].trim();
  if (name && !facts.interfaces.includes(name)) facts.interfaces.push(name);
}
facts.processes = fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
  .map((pid) => fs.readFileSync('/proc/' + pid + '/cmdline', 'utf8').slice(0, 40).replaceAll('\\0', ' ')).slice(0, 20);
fs.writeFileSync('/tmp/probe', Buffer.from(process.env.PROBE, 'base64'), { mode: 0o500 });
facts.syscalls = spawnSync('/tmp/probe').stdout?.toString('base64') ?? '';

const children = [];
while (!facts.refusal && children.length < 100) {
  const child = spawn('/bin/sh', ['-c', 'read _'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  if (child.pid === undefined) facts.refusal = 'EAGAIN';
  else children.push(child);
}
facts.children = children.length;
for (const child of children) child.stdin.end();

const socket = net.connect(80, '192.0.2.1');
const report = (answer) => {
  socket.destroy();
  facts.outside = answer;
  console.log(JSON.stringify(facts));
};
socket.once('connect', () => report('connected')).once('error', (error) => report(error.code));
`;
