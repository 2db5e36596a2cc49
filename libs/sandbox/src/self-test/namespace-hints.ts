import { readFileSync } from 'node:fs';

/** Switches of the kernel that keep an unprivileged bwrap from making a user namespace, and how to change them. */
const SWITCHES: readonly { path: string; isOff: (value: number) => boolean; hint: string }[] = [
  {
    path: '/proc/sys/user/max_user_namespaces',
    isOff: (value) => value === 0,
    hint: 'user namespaces are switched off: sysctl -w user.max_user_namespaces=10000',
  },
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    isOff: (value) => value === 0,
    hint: 'unprivileged user namespaces are switched off: sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    isOff: (value) => value === 1,
    hint: 'AppArmor restricts user namespaces: install a profile that allows userns to /usr/bin/bwrap (Ubuntu 24.04 and later)',
  },
];

/** What on this machine may be why a sandbox does not start; empty when nothing is known to be. */
export function whyNamespacesAreRefused(): string[] {
  return SWITCHES.filter(({ path, isOff }) => {
    try {
      return isOff(Number(readFileSync(path, 'utf8')));
    } catch {
      return false; // this kernel has no such switch
    }
  }).map(({ hint }) => hint);
}
