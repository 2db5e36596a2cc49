import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CompetencyText,
  FeedbackText,
  LevelTexts,
  Picking,
  Question,
  Screening,
} from '@assay/contracts/content';
import { listTaskIds, TaskManifest } from '@assay/tasks';
import type { z } from 'zod';
import type { ContentProblem } from './content-problem.js';
import { readSourceDocument, type SourceDocument } from './source-document.js';

const PICKING_FILE = 'picking.yaml';

/** Every file of the written content, and the tasks that it may name. */
export interface ContentSources {
  competencies: SourceDocument<CompetencyText>[];
  levels: SourceDocument<z.infer<typeof LevelTexts>>;
  questions: SourceDocument<Question>[];
  picking: SourceDocument<Picking>;
  feedback: SourceDocument<FeedbackText>[];
  screening: SourceDocument<Screening>;
  /** Their own gate is `npm run task -- verify`: here they are what others refer to. */
  tasks: SourceDocument<TaskManifest>[];
  /** Files that have no place here. */
  strays: ContentProblem[];
}

/** The name that a file has to give its document: `competencies/sql.yaml` → `sql`. */
export const nameInFile = (file: string) => file.replace(/^.*\//, '').replace(/\.yaml$/, '');

export async function readSources(contentFolder: string): Promise<ContentSources> {
  const strays: ContentProblem[] = [];

  async function readFolder<S extends z.ZodType>(folder: string, schema: S, besides: string[] = []) {
    const names = await readdir(join(contentFolder, folder)).catch((): string[] => []);
    const files: string[] = [];
    for (const name of names.sort()) {
      if (besides.includes(name)) continue;
      const file = `${folder}/${name}`;
      if (name.endsWith('.yaml')) files.push(file);
      else
        strays.push({ file, line: null, field: null, message: 'has no place here: every file is <id>.yaml' });
    }
    return Promise.all(files.map((file) => readSourceDocument(contentFolder, file, schema)));
  }
  const readFile = <S extends z.ZodType>(file: string, schema: S) =>
    readSourceDocument(contentFolder, file, schema);

  return {
    competencies: await readFolder('competencies', CompetencyText),
    levels: await readFile('levels.yaml', LevelTexts),
    questions: await readFolder('interviews', Question, [PICKING_FILE]),
    picking: await readFile(`interviews/${PICKING_FILE}`, Picking),
    feedback: await readFolder('feedback', FeedbackText),
    screening: await readFile('screening.yaml', Screening),
    tasks: await Promise.all(
      (await listTaskIds(contentFolder)).map((id) => readFile(`tasks/${id}/task.yaml`, TaskManifest)),
    ),
    strays,
  };
}
