/** The settings in the environment; throws an error that names the variable if one is missing or makes no sense. */
export function readConfig(env) {
  const { PORT = '3000', JWT_SECRET, JWT_SECRET_PREVIOUS, LOGIN_WINDOW_SECONDS = '60' } = env;
  if (!JWT_SECRET) throw new Error('JWT_SECRET has to be set: it is the key that tokens are signed with');
  if (!/^[1-9][0-9]*$/.test(LOGIN_WINDOW_SECONDS)) {
    throw new Error('LOGIN_WINDOW_SECONDS has to be a whole number of seconds');
  }
  return {
    port: Number(PORT),
    keys: { current: JWT_SECRET, previous: JWT_SECRET_PREVIOUS },
    loginWindowMs: Number(LOGIN_WINDOW_SECONDS) * 1000,
  };
}
