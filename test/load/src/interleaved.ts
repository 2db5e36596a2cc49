/**
 * Measures two things in turns, peer, ours, ours, peer and so on: whatever slows the machine down for a while slows both.
 * Gives pairs of rounds that were neighbours in time.
 */
export async function measureInTurns<Peer, Ours>(
  pairs: number,
  measurePeer: () => Promise<Peer>,
  measureOurs: () => Promise<Ours>,
): Promise<{ peer: Peer; ours: Ours }[]> {
  const measured: { peer: Peer; ours: Ours }[] = [];
  for (let i = 0; i < pairs; i += 1) {
    if (i % 2 === 0) {
      const peer = await measurePeer();
      measured.push({ peer, ours: await measureOurs() });
    } else {
      const ours = await measureOurs();
      measured.push({ ours, peer: await measurePeer() });
    }
  }
  return measured;
}
