import express from 'express';

const app = express();
app.use(express.json());

app.get('/health', (request, response) => {
  response.json({ status: 'ok' });
});

app.get('/hello/:name', (request, response) => {
  response.json({ greeting: `Hello, ${request.params.name}!` });
});

app.post('/sum', (request, response) => {
  const { a, b } = request.body;
  response.json({ sum: a + b });
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${port}`);
});
