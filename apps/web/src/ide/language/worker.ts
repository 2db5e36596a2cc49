import ts from 'typescript';
import { createProject, type Project } from './project.js';
import type { Answer, Call } from './protocol.js';

/** Answers the editor's calls in the order in which they came. */
let opened: Promise<Project> | null = null;
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Call>) => {
  last = last.then(() => answer(data)).then((reply) => postMessage(reply));
});

async function answer(call: Call): Promise<Answer> {
  try {
    return { id: call.id, gives: await carryOut(call) };
  } catch (error) {
    return { id: call.id, failed: String(error) };
  }
}

async function carryOut({ name, takes }: Call) {
  if (name === 'open') {
    opened ??= load(takes.typesUrl);
    await opened;
    return null;
  }
  if (!opened) throw new Error(`${name} before open`);
  const project = await opened;
  switch (name) {
    case 'update':
      for (const [path, text] of Object.entries(takes.files)) {
        if (text === null) project.removeFile(path);
        else project.setFile(path, text);
      }
      return null;
    case 'diagnose':
      return project.diagnose(takes.path);
    case 'complete':
      return project.complete(takes.path, takes.offset);
    case 'explain':
      return project.explain(takes.path, takes.offset, takes.name);
    case 'hover':
      return project.hover(takes.path, takes.offset);
  }
}

/** The declarations, as the build has gathered them: text by path. */
async function load(typesUrl: string): Promise<Project> {
  const answer = await fetch(typesUrl);
  if (!answer.ok) throw new Error(`the declarations: ${answer.status}`);
  // Written by our own build beside this worker.
  const types = (await answer.json()) as Record<string, string>;
  return createProject(ts, types);
}
