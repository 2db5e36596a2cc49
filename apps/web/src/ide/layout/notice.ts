import { observable } from '../../attempt/observable.js';

/** A word about what has just happened, above the panes; perhaps with a way back. */
export interface Notice {
  text: string;
  tone: 'plain' | 'warning';
  undo?: () => void;
}

const SHOWN_FOR_MS = 12_000;

/** Holds the newest notice for a while; a warning stays until it is closed. */
export class Notices {
  readonly current = observable<Notice | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string, undo?: () => void): void {
    this.show({ text, tone: 'plain', undo });
    this.timer = setTimeout(() => this.current.set(null), SHOWN_FOR_MS);
  }

  warn(text: string): void {
    this.show({ text, tone: 'warning' });
  }

  close(): void {
    clearTimeout(this.timer);
    this.current.set(null);
  }

  private show(notice: Notice): void {
    clearTimeout(this.timer);
    this.current.set(notice);
  }
}
