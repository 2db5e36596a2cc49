import { app } from './app.js';

const port = Number(process.env.PORT ?? 3000);

app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
