function required(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`Environment variable ${name} is required`);
    process.exit(1);
  }
  return value;
}

export const config = {
  port: Number(process.env.PORT ?? 3000),
  jwtSecret: required('JWT_SECRET'),
  jwtSecretPrevious: process.env.JWT_SECRET_PREVIOUS ?? '',
  loginWindowMs: Number(process.env.LOGIN_WINDOW_SECONDS ?? 60) * 1000,
};
