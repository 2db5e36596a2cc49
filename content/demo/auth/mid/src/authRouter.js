import { Router } from 'express';
import { HttpError, Unauthorized } from './errors.js';
import { signToken } from './jwt.js';
import * as limiter from './loginLimiter.js';
import { authenticate, revoke } from './middleware/authenticate.js';
import { verifyPassword } from './passwords.js';
import * as users from './users.js';

export const authRouter = Router();

authRouter.post('/login', async (req, res) => {
  const { username, password } = req.body ?? {};
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new HttpError(400, 'username and password must be strings');
  }

  limiter.checkLimit(username);

  const user = await users.findByUsername(username);
  if (!user) {
    limiter.recordFailure(username);
    throw new Unauthorized('Invalid username or password');
  }

  if (!(await verifyPassword(password, user.passwordHash))) {
    limiter.recordFailure(username);
    throw new Unauthorized('Invalid username or password');
  }

  limiter.reset(username);
  res.json({ token: signToken(user) });
});

authRouter.post('/logout', authenticate, (req, res) => {
  revoke(req.token);
  res.status(204).end();
});
