import type { SourceFile } from '@assay/contracts';
import type { InputOf, ReplyOf, replaceFiles, saveFile } from '@assay/contracts/http';
import { assertRoomForFile, nextRevision } from '@assay/core/assessment';
import { deleteFile, listFiles, replaceProject, utf8Length, writeFile } from '@assay/workspace-document';
import type { OpenWorkspace } from './open-workspace.js';

// Whole files are saved into the document, like every other edit: whoever has it open sees them come.

export async function saveWorkspaceFile(
  workspace: OpenWorkspace,
  { path, content, baseRevision }: InputOf<typeof saveFile>['body'],
): Promise<ReplyOf<typeof saveFile>> {
  let revision = 0;
  const { at } = await workspace.save(() => {
    revision = nextRevision(workspace.files.get(path)?.revision ?? null, baseRevision);
    const others = [...workspace.files].filter(([other]) => other !== path);
    assertRoomForFile(
      others.map(([other, saved]) => ({ path: other, bytes: utf8Length(saved.content) })),
      { path, bytes: utf8Length(content) },
    );
    writeFile(workspace.doc, path, content);
    return [path];
  });
  return { path, revision, savedAt: at.toISOString() };
}

/** Puts these files in the place of all that are there. A file of the same name goes on counting its revisions. */
export async function replaceWorkspaceFiles(
  workspace: OpenWorkspace,
  project: readonly SourceFile[],
): Promise<ReplyOf<typeof replaceFiles>> {
  const { at } = await workspace.save(() => {
    const sizes = project.map(({ path, content }) => ({ path, bytes: utf8Length(content) }));
    for (const [index, file] of sizes.entries()) assertRoomForFile(sizes.slice(0, index), file);
    replaceProject(workspace.doc, project);
    return project.map(({ path }) => path);
  });
  const files = project.map(({ path }) => ({ path, revision: workspace.files.get(path)?.revision ?? 1 }));
  return { files, savedAt: at.toISOString() };
}

export async function deleteWorkspaceFile(workspace: OpenWorkspace, path: string): Promise<void> {
  await workspace.save(() => {
    for (const file of listFiles(workspace.doc)) {
      if (file.path === path) deleteFile(workspace.doc, file.id);
    }
    return [];
  });
}
