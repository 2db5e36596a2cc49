import { MessageType } from '@hocuspocus/server';
import * as decoding from 'lib0/decoding';
import { messageYjsSyncStep1 } from 'y-protocols/sync';

/** Who is where in a document; a few hundred bytes. */
const MAX_AWARENESS_BYTES = 16 * 1024;

/** What a client sends on an open connection: an update of the document, or something else of the protocol. */
export type ClientMessage = { kind: 'update'; update: Uint8Array } | { kind: 'other' };

/** Reads a message of a client. Throws when it is none that a client has to send. */
export function readMessage(bytes: Uint8Array): ClientMessage {
  const decoder = decoding.createDecoder(bytes);
  decoding.readVarString(decoder);
  // Only compared: what is none of them is thrown out below.
  const type = decoding.readVarUint(decoder) as MessageType;
  switch (type) {
    case MessageType.Sync:
    case MessageType.SyncReply: {
      const step = decoding.readVarUint(decoder);
      const payload = decoding.readVarUint8Array(decoder);
      return step === messageYjsSyncStep1 ? { kind: 'other' } : { kind: 'update', update: payload };
    }
    case MessageType.Awareness:
      if (bytes.length > MAX_AWARENESS_BYTES) throw new Error('awareness too large');
      return { kind: 'other' };
    case MessageType.QueryAwareness:
    case MessageType.Auth:
    case MessageType.CLOSE:
      return { kind: 'other' };
    default:
      // Stateless messages among them: only the server says anything about a document.
      throw new Error('no message of a client');
  }
}
