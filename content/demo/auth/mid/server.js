import { createApp } from './src/app.js';
import { config } from './src/config.js';

createApp().listen(config.port, '127.0.0.1', () => console.log(`orders api listening on ${config.port}`));
