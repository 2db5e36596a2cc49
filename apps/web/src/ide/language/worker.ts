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

/** The declarations, as the build has packed them: gzipped JSON of text by path. */
async function load(typesUrl: string): Promise<Project> {
  const { body } = await fetch(typesUrl);
  if (!body) throw new Error('there are no declarations');
  const unpacked = body.pipeThrough(new DecompressionStream('gzip'));
  // Written by our own build beside this worker.
  const types = (await new Response(unpacked).json()) as Record<string, string>;
  return createProject(ts, types);
}
