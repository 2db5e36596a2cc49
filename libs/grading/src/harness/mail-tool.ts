import { callControl } from './control-client.js';
import { type MailContent, readMail } from './mail-content.js';
import { SIDECAR_PORTS, type SidecarAccess } from './sidecar-access.js';

export interface MailMessage extends MailContent {
  /** Of the envelope, which may differ from the headers. */
  from: string;
  to: string[];
  raw: string;
  /** Milliseconds since 1970. */
  receivedMs: number;
}

/** What a check gets as `mail`: the mail server that takes everything and delivers nothing. */
export interface MailTool {
  /** What was handed over since the start or the last `reset`, in order. */
  messages(): Promise<MailMessage[]>;
  reset(): Promise<void>;
  /** Breaks all connections; new ones are refused until `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export function createMailTool({ secret }: SidecarAccess): MailTool {
  const call = (operation: string) =>
    callControl({ name: 'mail', port: SIDECAR_PORTS.mailControl, secret }, operation, {});
  return {
    async messages() {
      const received = (await call('messages')) as Omit<MailMessage, keyof MailContent>[]; // our own program's
      return received.map((message) => ({ ...message, ...readMail(message.raw) }));
    },
    reset: async () => void (await call('reset')),
    stop: async () => void (await call('stop')),
    start: async () => void (await call('start')),
  };
}
