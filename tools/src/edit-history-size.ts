/**
 * What an hour of a candidate's editing costs to keep (docs/adr/0019): simulated typing, keystroke by keystroke as real
 * Yjs updates, stored as the assessment API stores them and compacted as the sweeper does.
 *
 * `node tools/dist/edit-history-size.js`
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSteps, encodeSteps, toSteps } from '@assay/db';
import { createFile, listFiles } from '@assay/workspace-document';
import * as Y from 'yjs';

const HOUR_MS = 3_600_000;
const SAVED_EVERY_MS = 300;
const KEY_MS = 300;
/** What is typed, and typed into: real code. */
const folder = join(import.meta.dirname, '../../libs/db/src');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const SOURCE = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');

/** Repeatable. */
let state = 1;
const random = (below: number) => {
  state = (state * 48_271) % 2_147_483_647;
  return state % below;
};

/** Bursts of 200 characters a minute for `typingShare` of the hour, with mistakes, jumps and thoughts between. */
function typeForAnHour(typingShare: number) {
  const server = new Y.Doc();
  createFile(server, 'server.js', SOURCE.slice(0, 5_000));
  const stored = [{ at: new Date(0), bytes: Y.encodeStateAsUpdate(server) }];
  const doc = new Y.Doc();
  Y.applyUpdate(doc, stored[0]?.bytes ?? new Uint8Array());
  let waiting: Uint8Array[] = [];
  let keystrokes = 0;
  let rawBytes = 0;
  doc.on('update', (update: Uint8Array) => {
    waiting.push(update);
    keystrokes += 1;
    rawBytes += update.length;
  });
  const [file] = listFiles(doc);
  if (!file) throw new Error('no file');
  let place = 0;
  for (let ms = 0, savedMs = 0; ms < HOUR_MS; ms += KEY_MS) {
    const isTyping = (ms % 60_000) / 60_000 < typingShare;
    if (isTyping && ms % 60_000 === 0) place = random(file.text.length);
    if (isTyping && random(15) === 0 && place > 0) file.text.delete((place -= 1), 1);
    else if (isTyping)
      file.text.insert(place++, SOURCE.charAt(5_000 + (keystrokes % (SOURCE.length - 5_000))));
    if (waiting.length > 0 && ms - savedMs >= SAVED_EVERY_MS) {
      stored.push({ at: new Date(ms + 1), bytes: Y.mergeUpdates(waiting) });
      waiting = [];
      savedMs = ms;
    }
  }
  return { keystrokes, rawBytes, stored, text: file.text.toJSON() };
}

for (const typingShare of [0.3, 1]) {
  const { keystrokes, rawBytes, stored, text } = typeForAnHour(typingShare);
  const steps = toSteps(stored);
  const history = await encodeSteps(steps);
  const doc = new Y.Doc();
  for (const { update } of await decodeSteps(history)) Y.applyUpdate(doc, update);
  if (listFiles(doc)[0]?.text.toJSON() !== text) throw new Error('the history does not play back');
  const storedBytes = stored.reduce((sum, { bytes }) => sum + bytes.length, 0);
  process.stdout.write(
    `typing ${typingShare * 100} % of an hour: ${keystrokes} keystrokes, ${rawBytes} bytes of updates; ` +
      `stored while open: ${stored.length} rows, ${storedBytes} bytes; ` +
      `kept for good: ${steps.length} steps, ${history.length} bytes\n`,
  );
}
