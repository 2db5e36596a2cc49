import { HttpError, unauthorized } from './errors.js';
import { isPassword } from './passwords.js';
import * as users from './users.js';

/** The route that gives a token for a user name and a password. */
export const createLogin = ({ tokens, throttle }) =>
  async function login(req, res) {
    const { username, password } = req.body ?? {};
    if (typeof username !== 'string' || typeof password !== 'string') {
      throw new HttpError(400, 'username and password have to be texts');
    }
    const takeBack = throttle.admit(username);
    const user = await users.findByUsername(username);
    if (!(await isPassword(password, user?.passwordHash))) throw unauthorized(user ? 'Wrong password' : 'Wrong user name');
    takeBack();
    res.json({ token: tokens.issue(user) });
  };
