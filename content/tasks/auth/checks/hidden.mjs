import { guessingChecks } from './guessing.mjs';
import { loginChecks } from './login.mjs';
import { orderChecks } from './orders.mjs';
import { paceChecks } from './pace.mjs';
import { tokenChecks } from './tokens.mjs';

export default { ...tokenChecks, ...loginChecks, ...orderChecks, ...guessingChecks, ...paceChecks };
