import { observable } from '../attempt/observable.js';

/** What is read out to whoever does not see the page. The newest counts. */
export const announcement = observable('');

export const announce = (text: string): void => announcement.set(text);
