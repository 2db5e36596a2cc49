/** All of /etc inside a sandbox: made up, nothing of the host. Users and groups as bwrap maps them (uid 1000). */
export const ETC_FILES: Readonly<Record<string, string>> = {
  passwd: 'sandbox:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n',
  group: 'sandbox:x:1000:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost ip6-localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  // There is no name server to ask; empty, libc and c-ares try loopback and are refused at once.
  'resolv.conf': '',
};
