/** Feedback: what a candidate reads about their own work, once it is released (docs/content.md). */
export {
  type CompetencyFeedback,
  candidateFeedback,
  type FeedbackWords,
  type GradedCheck,
} from './candidate-feedback.js';
