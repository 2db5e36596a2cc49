import { Panel } from '@assay/ui';
import { Text } from '@mantine/core';
import type { Attempt } from '../../attempt/use-attempt.js';

/** What happens without the candidate, and who decides. */
export function WhatNext({ attempt: { organisation } }: { attempt: Attempt }) {
  return (
    <Panel title="What happens next">
      <Text>
        Automatic checks look at how your work behaves. A person at {organisation} then reads the result
        together with your code, and decides: no program does. If they share feedback with you, it appears on
        this page.
      </Text>
    </Panel>
  );
}
