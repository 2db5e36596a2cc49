import { type MessagePort, threadId } from 'node:worker_threads';
import type { Ask, AskAnswers, ThreadCommand, ThreadMessage } from './messages.js';

/** Asks the worker; rejects with an `Error` when the check asked for what cannot be. */
export type AskWorker = <A extends Ask>(ask: A) => Promise<AskAnswers[A['do']]>;

interface Asker {
  /** With the kind of value that its ask has. */
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The asking side of one check's thread. */
export function createAskWorker(port: MessagePort): AskWorker {
  const waiting = new Map<string, Asker>();
  port.on('message', (command: ThreadCommand) => {
    if (command.type !== 'answer') return;
    const asker = waiting.get(command.id);
    waiting.delete(command.id);
    if ('refused' in command) asker?.reject(new Error(command.refused));
    else asker?.resolve(command.value);
  });
  let asked = 0;
  return <A extends Ask>(ask: A) => {
    asked += 1;
    const id = `${threadId}-${asked}`; // threads are numbered through the life of the harness
    const message: ThreadMessage = { type: 'ask', id, ask };
    return new Promise<AskAnswers[A['do']]>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      port.postMessage(message);
    });
  };
}
