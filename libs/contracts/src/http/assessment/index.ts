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
  appealResult,
  getRecord,
  reportProblem,
  requestExtraTime,
  resetPractice,
  undoWithdrawal,
  withdrawAttempt,
} from './candidate-requests.js';
import { beginBreak, endBreak, sendHeartbeat } from './clock.js';
import { getFeedback, listCompetencies } from './feedback.js';
import { readInvitation } from './invitation.js';
import { checkRun, getRun, sendRequest, startRun, stopRun, streamRun } from './runs.js';
import { deleteFile, getFiles, getTask, replaceFiles, saveFile, submitTask } from './workspace.js';

/** Every route of the assessment API, by operation id. */
export const assessmentApi = {
  getLiveness,
  getReadiness,
  readInvitation,
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
  stopRun,
  sendRequest,
  checkRun,
  streamRun,
  submitTask,
  streamAttempt,
  sendHeartbeat,
  beginBreak,
  endBreak,
  requestExtraTime,
  reportProblem,
  resetPractice,
  appealResult,
  getRecord,
  withdrawAttempt,
  undoWithdrawal,
  getFeedback,
  listCompetencies,
};
