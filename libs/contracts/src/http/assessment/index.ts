import { getLiveness, getReadiness } from '../health.js';
import {
  acceptInvitation,
  getAttempt,
  giveConsent,
  leaveAttempt,
  startAttempt,
  streamAttempt,
} from './attempt.js';
import { checkRun, getRun, sendRequest, startRun, stopRun, streamRun } from './runs.js';
import { deleteFile, getTask, saveFile, submitTask } from './workspace.js';

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
  startRun,
  getRun,
  stopRun,
  sendRequest,
  checkRun,
  streamRun,
  submitTask,
  streamAttempt,
};
