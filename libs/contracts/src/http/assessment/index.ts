import { getLiveness, getReadiness } from '../health.js';
import {
  acceptInvitation,
  getAttempt,
  giveConsent,
  leaveAttempt,
  startAttempt,
  streamAttempt,
} from './attempt.js';
import {
  deleteFile,
  getFiles,
  getRun,
  getTask,
  replaceFiles,
  saveFile,
  startRun,
  submitTask,
} from './workspace.js';

/** Every route of the assessment API, by operation id. */
export const assessmentApi = {
  getLiveness,
  getReadiness,
  acceptInvitation,
  leaveAttempt,
  getAttempt,
  giveConsent,
  startAttempt,
  getTask,
  saveFile,
  deleteFile,
  getFiles,
  replaceFiles,
  startRun,
  getRun,
  submitTask,
  streamAttempt,
};
