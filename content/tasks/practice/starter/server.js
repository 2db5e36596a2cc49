import express from 'express';

const app = express();
app.use(express.json());

app.get('/health', (request, response) => {
  response.json({ status: 'ok' });
});

app.get('/hello/:name', (request, response) => {
  // The name is in request.params.name.
  response.json({ greeting: 'Hello, world!' });
});

app.post('/sum', (request, response) => {
  // What was sent is in request.body.
  console.log('POST /sum got', request.body);
  response.status(501).json({ message: 'Not written yet' });
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
