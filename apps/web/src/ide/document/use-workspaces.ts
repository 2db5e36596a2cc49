import { COLLABORATION_PATH } from '@assay/contracts/events';
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { useEffect, useState } from 'react';
import { queuedEdits } from '../../attempt/connection.js';
import { languageAssets } from '../language/assets.js';
import { LanguageClient } from '../language/language-client.js';
import { TaskRuns } from '../run/task-runs.js';
import { WorkspaceSession } from './workspace-session.js';

/** All that is open of one task in this tab. */
export interface Workspace {
  session: WorkspaceSession;
  runs: TaskRuns;
  language: LanguageClient;
}

/**
 * The workspaces of an attempt's tasks, all connected over one socket: what was typed in one goes on to the server while
 * another is looked at. Empty until they are there.
 */
export function useWorkspaces(attemptId: string, taskIds: readonly string[]): ReadonlyMap<string, Workspace> {
  const [workspaces, setWorkspaces] = useState<ReadonlyMap<string, Workspace>>(new Map());
  const tasks = taskIds.join(' ');
  useEffect(() => {
    const url = new URL(COLLABORATION_PATH, location.origin.replace(/^http/, 'ws')).href;
    const socket = new HocuspocusProviderWebsocket({
      url,
      delay: 500,
      minDelay: 250,
      maxDelay: 5_000,
      factor: 1.6,
    });
    const made = new Map(tasks.split(' ').map((taskId) => [taskId, open(attemptId, taskId, socket)]));
    const sessions = [...made.values()].map(({ session }) => session);
    const countQueued = () => {
      const waiting = sessions.map(({ save }) => save.get()).filter(({ isConnected }) => !isConnected);
      queuedEdits.set(waiting.reduce((sum, { pending }) => sum + pending, 0));
    };
    for (const { save } of sessions) save.subscribe(countQueued);
    // The browser knows of the network before the socket does, which may take half a minute to miss an answer.
    const connect = () => void socket.connect();
    const giveUp = () => socket.onClose({ event: { code: 4408, reason: 'offline' } });
    addEventListener('online', connect);
    addEventListener('offline', giveUp);
    setWorkspaces(made);
    return () => {
      removeEventListener('online', connect);
      removeEventListener('offline', giveUp);
      for (const { session, runs, language } of made.values()) {
        runs.close();
        session.close();
        language.close();
      }
      socket.destroy();
      queuedEdits.set(0);
    };
  }, [attemptId, tasks]);
  return workspaces;
}

function open(attemptId: string, taskId: string, socket: HocuspocusProviderWebsocket): Workspace {
  const language = new LanguageClient(languageAssets);
  const session = new WorkspaceSession(attemptId, taskId, socket, language);
  return { session, runs: new TaskRuns(session), language };
}
