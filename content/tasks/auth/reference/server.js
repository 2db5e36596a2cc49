import { createApp } from './app.js';
import { readConfig } from './config.js';

const { port, ...settings } = readConfig(process.env);

createApp(settings).listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`Listening on http://127.0.0.1:${port}`);
});
