/** For the browser to have begun reading; revoked at once, the file may never arrive. */
const KEEP_MS = 60_000;

/** Lets the browser save a file. */
export function saveAs(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
