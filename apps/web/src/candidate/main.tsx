import { AssayTheme } from '@assay/ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './routes.js';

const queries = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 60_000, retry: 1, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');
createRoot(root).render(
  <StrictMode>
    <AssayTheme>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </AssayTheme>
  </StrictMode>,
);
