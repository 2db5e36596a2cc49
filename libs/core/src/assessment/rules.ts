/**
 * What a candidate is shown before they agree. Each sentence says what is really so: change it with the code that it
 * speaks of.
 */
export const ATTEMPT_RULES: Record<'graded' | 'recorded' | 'allowed', string[]> = {
  graded: [
    'Automatic checks grade how your code behaves: what it answers, edge cases, security, operation and speed.',
    'What is saved of each task is graded, once: when you submit it, or when the time is over.',
    'Your level is estimated from those checks. A person decides, never the program.',
    'The practice task, breaks, extra time, runs and questions to us never count.',
  ],
  recorded: [
    'Your files are saved as you work, with the history of their changes.',
    'We keep your runs with what your server wrote, your submissions, your messages to us, and the times of all these.',
    'Your page tells us every 15 seconds that it is there. We keep when that was interrupted, and for how long.',
    'There is no camera and no screen recording. You can download all that is recorded about you.',
  ],
  allowed: [
    'Use documentation, search and your own editor: you can download your project and upload it again.',
    'Take your time with the practice task first. Your clock starts only when you say so.',
    'If our servers fail, you get all of that time back. If your network fails, up to 10 minutes.',
    'You can ask for more time or breaks, report a problem with a task, withdraw, and appeal afterwards.',
  ],
};

/** What a candidate agrees to before the start. The exact text is kept with the attempt. */
export const CONSENT_TEXT = Object.values(ATTEMPT_RULES).flat().join(' ');
