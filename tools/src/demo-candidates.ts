/** What the demo's assessment asks for, in this order. */
export const DEMO_TASKS = ['raw-router', 'crud-api', 'auth', 'map-limit'];

/** Who takes the demo: each folder under content/demo/<task>/ holds a solution as such a person would write it. */
export const DEMO_CANDIDATES = [
  { name: 'Jun Ito', email: 'jun@candidates.example', solution: 'junior' },
  { name: 'Mira Lang', email: 'mira@candidates.example', solution: 'mid' },
  { name: 'Sena Ortiz', email: 'sena@candidates.example', solution: 'senior' },
] as const;

export type DemoCandidate = (typeof DEMO_CANDIDATES)[number];
