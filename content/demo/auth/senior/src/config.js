/** Everything that comes from the environment, checked once, here. Names all that is wrong in one error. */
export function loadConfig(env) {
  const problems = [];
  const seconds = Number(env.LOGIN_WINDOW_SECONDS ?? 60);
  if (!env.JWT_SECRET) problems.push('JWT_SECRET must be set');
  if (!Number.isInteger(seconds) || seconds < 1)
    problems.push('LOGIN_WINDOW_SECONDS must be a whole number above 0');
  if (problems.length > 0) throw new Error(`cannot start: ${problems.join('; ')}`);

  return {
    port: Number(env.PORT ?? 3000),
    // The first key signs, all of them verify. An empty previous key must not become the key "".
    jwtKeys: [env.JWT_SECRET, env.JWT_SECRET_PREVIOUS].filter(Boolean),
    loginWindowMs: seconds * 1000,
  };
}
