import { getLiveness, getReadiness } from '../health.js';
import { createAssessment, listAssessments, listTasks } from './assessments.js';
import {
  answerAttemptRequest,
  getAccommodation,
  listAttemptRequests,
  setAccommodation,
} from './attempt-requests.js';
import { addCandidate, getCandidacy, getLevel, listCandidacies, streamCandidacy } from './candidacies.js';
import { getContent, getContentVersion } from './content.js';
import { getFeedbackOfCandidacy, releaseFeedback, withdrawFeedback } from './feedback.js';
import { getGradingQueue, listGradingsNeedingAttention, retryGrading } from './grading-queue.js';
import { editKit, getKit } from './interview-kits.js';
import { createInvitation, revokeInvitation } from './invitations.js';
import {
  adoptRegrade,
  getRegrade,
  listOutdatedSubmissions,
  listRegradedSubmissions,
  listRegrades,
  startRegrade,
} from './regrades.js';
import { closeRole, createRole, getRole, listRoles } from './roles.js';
import { getSession, logIn, logOut, setUp } from './session.js';
import { adoptGrading, getSubmission, regradeSubmission } from './submissions.js';

/** Every route of the recruiter API, by operation id. */
export const recruiterApi = {
  getLiveness,
  getReadiness,
  setUp,
  logIn,
  getSession,
  logOut,
  listTasks,
  createAssessment,
  listAssessments,
  createRole,
  listRoles,
  getRole,
  closeRole,
  addCandidate,
  listCandidacies,
  getCandidacy,
  getLevel,
  streamCandidacy,
  createInvitation,
  revokeInvitation,
  getSubmission,
  regradeSubmission,
  adoptGrading,
  listOutdatedSubmissions,
  startRegrade,
  listRegrades,
  getRegrade,
  listRegradedSubmissions,
  adoptRegrade,
  listGradingsNeedingAttention,
  retryGrading,
  getGradingQueue,
  getAccommodation,
  setAccommodation,
  listAttemptRequests,
  answerAttemptRequest,
  getContent,
  getContentVersion,
  getKit,
  editKit,
  getFeedbackOfCandidacy,
  releaseFeedback,
  withdrawFeedback,
};
