import { COLLABORATION_PATH, CollaborationMessage } from '@assay/contracts/events';
import { toFiles } from '@assay/workspace-document';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { waitFor } from './wait-for.js';

/** A device that has documents of an attempt open, as the candidate's page has. */
export interface DocumentClient {
  doc: Y.Doc;
  /** All that the server has said about the document. */
  messages: CollaborationMessage[];
  files(): Record<string, string>;
  /** Resolves when the server has said that all of this is stored. */
  saved(): Promise<void>;
  /** Resolves with the first message of a type that was said after the call, or before it. */
  told<T extends CollaborationMessage['type']>(type: T): Promise<Extract<CollaborationMessage, { type: T }>>;
  /** Resolves once this has what the server has. */
  synced(): Promise<void>;
  /** Loses the network, and finds it again. */
  goOffline(): void;
  goOnline(): void;
  wasRefused(): boolean;
  /** Sends bytes as they are. */
  sendRaw(bytes: Uint8Array): void;
  leave(): void;
}

/** Opens a task's document over a provider like the browser's. `url` is the API's. */
export function openDocument(
  url: string,
  { cookie, taskId, doc = new Y.Doc() }: { cookie: string; taskId: string; doc?: Y.Doc },
): DocumentClient {
  class WithCookie extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers: { cookie, origin: url } });
      // A browser's socket, too, only says that it closed.
      this.on('error', () => undefined);
    }
  }
  const messages: CollaborationMessage[] = [];
  let isRefused = false;
  const websocketProvider = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}${COLLABORATION_PATH}`,
    WebSocketPolyfill: WithCookie,
    delay: 50,
    minDelay: 50,
    maxDelay: 200,
  });
  const provider = new HocuspocusProvider({
    websocketProvider,
    name: taskId,
    document: doc,
    // The session is the cookie's; without a token a provider does not ask to be let in.
    token: 'cookie',
    onStateless: ({ payload }) => void messages.push(CollaborationMessage.parse(JSON.parse(payload))),
    onAuthenticationFailed: () => void (isRefused = true),
  });
  provider.attach();
  return {
    doc,
    messages,
    files: () => Object.fromEntries(toFiles(doc).map(({ path, content }) => [path, content])),
    saved: async () => void (await waitFor('all to be saved', () => isSaved(doc, messages.at(-1)))),
    told: (type) =>
      waitFor(`a message "${type}"`, () => {
        // The predicate is the type.
        return messages.find((message) => message.type === type) as never;
      }),
    synced: async () => void (await waitFor('the document', () => provider.isSynced)),
    goOffline: () => websocketProvider.disconnect(),
    goOnline: () => void websocketProvider.connect(),
    wasRefused: () => isRefused,
    sendRaw: (bytes) => websocketProvider.webSocket?.send(bytes),
    leave() {
      provider.destroy();
      websocketProvider.destroy();
      doc.destroy();
    },
  };
}

/** Whether the vector that the server names covers all that this document holds. */
function isSaved(doc: Y.Doc, message: CollaborationMessage | undefined): boolean {
  if (message?.type !== 'saved') return false;
  const stored = Y.decodeStateVector(new Uint8Array(Buffer.from(message.stateVector, 'base64')));
  const here = Y.decodeStateVector(Y.encodeStateVector(doc));
  return [...here].every(([client, clock]) => (stored.get(client) ?? 0) >= clock);
}
