import { app } from './app.js';

if (!process.env.JWT_SECRET) {
  console.error('JWT_SECRET is not set!');
  process.exit(1);
}

const port = Number(process.env.PORT ?? 3000);

app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
