import ts from 'typescript';
import { createProject, type Project } from './project.js';
import type { Answer, Call } from './protocol.js';

/** Answers the editor's calls in the order in which they came. */
let project: Project | null = null;

addEventListener('message', ({ data }: MessageEvent<Call>) => postMessage(answer(data)));

function answer(call: Call): Answer {
  try {
    return { id: call.id, gives: carryOut(call) };
  } catch (error) {
    return { id: call.id, failed: String(error) };
  }
}

function carryOut({ name, takes }: Call) {
  if (name === 'open') {
    // Written by our own build.
    const types = JSON.parse(new TextDecoder().decode(takes.types)) as Record<string, string>;
    project = createProject(ts, types);
    return Object.keys(types).length;
  }
  if (!project) throw new Error(`${name} before open`);
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
